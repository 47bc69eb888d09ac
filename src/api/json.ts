/**
 * Reads a body as JSON, and only as what it can mean in one way: UTF-8 without a byte order mark, no key twice, no key
 * that the language keeps for itself, not deeper than anything we take. It never repairs.
 */
import { inertText } from './inert.ts'

export const depthMax = 32

export type ReadJson = { readonly value: unknown } | { readonly wrong: string }

export function readJson(bytes: Uint8Array): ReadJson {
  const text = decode(bytes)
  if (text === undefined) return { wrong: 'the body is not UTF-8' }
  if (text === '') return { wrong: 'the body is empty; send an object, `{}` when there is nothing to say' }
  const parsed = parse(text)
  if ('wrong' in parsed) return parsed
  const wrong = ambiguity(text)
  return wrong === undefined ? parsed : { wrong }
}

// Made once: it keeps nothing of what it decoded, since each call is told that it is all.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function parse(text: string): ReadJson {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    if (error instanceof SyntaxError) return { wrong: 'the body is not JSON' }
    throw error
  }
}

/** One pass over text that is known to be JSON. Every string is skipped as a whole; one that a colon follows is a key. */
function ambiguity(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '{' || char === '[') {
      if (open.push(char === '{' ? new Set() : undefined) > depthMax)
        return `the body is nested deeper than ${depthMax}`
    } else if (char === '}' || char === ']') {
      open.pop()
    } else if (char === '"') {
      const end = endOfString(text, at)
      const wrong = isKey(text, end) ? wrongKey(keyIn(text.slice(at, end)), open.at(-1)) : undefined
      if (wrong !== undefined) return wrong
      at = end - 1
    }
  }
  return undefined
}

/** @returns where the string that begins at `start` is over. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** Two spellings of one key are one key. */
function keyIn(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
}

function isKey(text: string, end: number): boolean {
  let at = end
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r') at++
  return text[at] === ':'
}

function wrongKey(key: string, keys: Set<string> | undefined): string | undefined {
  if (key === '__proto__') return 'the key `__proto__` is never taken'
  if (keys?.has(key)) return `the key \`${inertText(key)}\` stands there twice`
  keys?.add(key)
  return undefined
}
