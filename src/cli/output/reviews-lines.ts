/** Looks back that are open, for people; what is overdue says so in its first columns. */
import type { Reviews } from '../../client/index.ts'
import { instantSeen } from './moments.ts'
import { named } from './names.ts'
import type { Page } from './page.ts'
import { table } from './table.ts'
import { quoted, visible } from './visible.ts'

type Row = Reviews['reviews'][number]

export function reviewsLines(page: Page, { reviews, complete, names }: Reviews): readonly string[] {
  const columns = [
    { title: 'Waiver', cell: ({ waiver }: Row) => visible(waiver) },
    {
      title: 'Due',
      cell: ({ dueAt, overdue }: Row) => `${overdue ? 'OVERDUE ' : ''}${instantSeen(dueAt, page)}`,
      paint: (text: string, { overdue }: Row) => (overdue ? page.paint.bad(text) : text),
    },
    { title: 'Beneficiary', cell: ({ beneficiary }: Row) => named(beneficiary, names) },
    { title: 'System', cell: ({ system }: Row) => named(system, names) },
    { title: 'Ended', cell: ({ cause }: Row) => visible(cause) },
    { title: 'Removal', cell: ({ removal }: Row) => visible(removal) },
    { title: 'Residue', cell: ({ residue }: Row) => residue.map(quoted).join(', ') },
    { title: 'You may', cell: ({ mayReview }: Row) => (mayReview ? 'yes' : 'no') },
  ]
  return [
    ...(reviews.length === 0 ? ['no open reviews'] : table(page, columns, reviews)),
    ...(complete ? [] : ['there are more than could be looked at; close some and ask again']),
  ]
}
