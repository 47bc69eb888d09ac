/**
 * Reads a body as JSON, and only as what it can mean in one way: UTF-8 without a byte order mark, no key twice, no key
 * that the language keeps for itself, not deeper than anything we take. It never repairs.
 */
import { isUtf8 } from 'node:buffer'
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

/** A byte order mark stays where it is, and is no JSON. */
function decode(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') : undefined
}

function parse(text: string): ReadJson {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    if (error instanceof SyntaxError) return { wrong: 'the body is not JSON' }
    throw error
  }
}

const [quote, backslash, colon] = [34, 92, 58]
const [openBrace, closeBrace, openBracket, closeBracket] = [123, 125, 91, 93]

/** One pass over text that is known to be JSON. Every string is skipped as a whole; one that a colon follows is a key. */
function ambiguity(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === openBrace || char === openBracket) {
      if (open.push(char === openBrace ? new Set() : undefined) > depthMax)
        return `the body is nested deeper than ${depthMax}`
    } else if (char === closeBrace || char === closeBracket) {
      open.pop()
    } else if (char === quote) {
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
  for (let char = text.charCodeAt(at); char !== quote; char = text.charCodeAt(at)) at += char === backslash ? 2 : 1
  return at + 1
}

/** Two spellings of one key are one key. */
function keyIn(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
}

function isKey(text: string, end: number): boolean {
  let at = end
  while (isSpace(text.charCodeAt(at))) at++
  return text.charCodeAt(at) === colon
}

function isSpace(char: number): boolean {
  return char === 32 || char === 9 || char === 10 || char === 13
}

function wrongKey(key: string, keys: Set<string> | undefined): string | undefined {
  if (key === '__proto__') return 'the key `__proto__` is never taken'
  if (keys?.has(key)) return `the key \`${inertText(key)}\` stands there twice`
  keys?.add(key)
  return undefined
}
