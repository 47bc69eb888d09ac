/** What somebody looks for among the records; part of the address, so that it can be sent on. */
import type { RecordsQuery } from '../../src/client/index.ts'

export interface Looking {
  /** A kind of record, what it happened to, or a place in the log. */
  readonly find?: string
  readonly by?: string
}

export function looksForRecords({ find, by }: Record<string, unknown>): Looking {
  return {
    ...(typeof find === 'string' && find !== '' ? { find } : typeof find === 'number' ? { find: String(find) } : {}),
    ...(typeof by === 'string' && by !== '' ? { by } : {}),
  }
}

/** @returns nothing for what no record can be found by. */
export function questionOf({ find = '', by }: Looking): RecordsQuery | undefined {
  const text = find.trim()
  const of = by === undefined ? {} : { by }
  if (text === '') return of
  if (/^\d{1,15}$/.test(text)) return { ...of, before: Number(text) + 1 }
  const event = /^evt_([0-9a-z]{26})\.\d+$/.exec(text)
  if (event !== null) return { ...of, stream: `wvr_${event[1]}` }
  if (/^[a-z]+_\S{1,200}$/.test(text)) return { ...of, stream: text }
  const letters = text.replaceAll(/[\s-]+/g, '')
  return /^[A-Za-z]{1,60}$/.test(letters) ? { ...of, type: letters } : undefined
}
