/**
 * A notice in words, for connectors whose readers are people. Ids, codes and times only, as the notice has them, and one
 * link that opens a page behind the sign-in; nothing here can be answered to decide anything.
 */
import type { Notice } from './notice.ts'

export interface NoticeText {
  /** One line. */
  readonly title: string
  /** Label and value, in the order in which a person asks. */
  readonly facts: readonly (readonly [label: string, value: string])[]
  readonly url?: string
}

/** Said elsewhere, or of no use to people. */
const left = new Set(['event', 'url', 'to'])

export function noticeText({ type, at, urgency, data }: Notice): NoticeText {
  const subject = [data.system, data.entitlement].filter((part) => typeof part === 'string').join(' ')
  const title = `${urgency === 'immediate' ? 'At once: ' : ''}${inWords(type)}${subject === '' ? '' : `, ${subject}`}`
  const facts = Object.entries(data).flatMap(([name, value]): [string, string][] => {
    const text = left.has(name) ? '' : shownValue(value)
    return text === '' ? [] : [[inWords(name), text]]
  })
  return {
    title: oneLine(title),
    facts: [['When', at], ...facts],
    ...(typeof data.url === 'string' ? { url: data.url } : {}),
  }
}

/** `BreakGlassOpened` is `Break glass opened`. */
function inWords(name: string): string {
  const words = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function shownValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(shownValue).join(', ')
  if (value === null || value === undefined || typeof value === 'object') return ''
  return oneLine(String(value))
}

/** No id may begin a line of its own, end a header, or be something that cannot be seen. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')
}
