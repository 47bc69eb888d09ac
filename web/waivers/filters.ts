/** Which waivers a list shows. */
import type { WaiverQuery } from '../../src/client/index.ts'

export type Show = 'open' | 'live' | 'ended' | 'all'

export const filters: Readonly<
  Record<Show, { readonly name: string; readonly query: WaiverQuery; readonly empty: string }>
> = {
  open: { name: 'Open', query: { open: true }, empty: 'Nothing is open.' },
  live: { name: 'Live', query: { status: ['active', 'suspended'] }, empty: 'No access is live.' },
  ended: { name: 'Ended', query: { open: false }, empty: 'Nothing has ended yet.' },
  all: { name: 'All', query: {}, empty: 'There is none yet that you have a part in.' },
}

export function isShow(value: unknown): value is Show {
  return typeof value === 'string' && Object.hasOwn(filters, value)
}
