/** Who could decide, in the order in which to ask, and why the others of the pools may not. */
import type { Routing } from '../../client/index.ts'
import { conflictLines } from './conflicts.ts'
import { fields } from './fields.ts'
import { counted, exactly } from './moments.ts'
import { named } from './names.ts'
import type { Page } from './page.ts'
import { table } from './table.ts'
import { word } from './terms.ts'
import { quoted, visible } from './visible.ts'

export function routingLines(page: Page, routing: Routing): readonly string[] {
  const { eligible, excluded, pools, obligations, names } = routing
  return [
    ...obligationLines(page, obligations),
    '',
    page.paint.strong(eligible.length === 0 ? 'Nobody may decide this.' : 'May decide, in the order in which to ask:'),
    ...(eligible.length === 0
      ? []
      : table(
          page,
          [
            { title: 'Who', cell: ({ person }) => named(person, names) },
            { title: 'Pool', cell: ({ pool }) => visible(pool) },
            { title: 'On duty', cell: ({ onDuty }) => (onDuty ? 'yes' : 'no') },
            { title: 'Decisions, 30 d', cell: ({ load }) => String(load) },
            {
              title: '',
              cell: ({ additionalCountersigners }) =>
                additionalCountersigners > 0 ? 'needs one more beside them' : '',
            },
          ],
          eligible,
        )),
    '',
    ...pools.map(({ pool, members, eligible: able }) => `pool ${quoted(pool)}: ${able} of ${members} may decide`),
    ...excluded.flatMap(({ person, pool, conflicts }) => [
      '',
      `${named(person, names)} of ${quoted(pool)} may not:`,
      ...conflictLines(page, conflicts, names),
    ]),
  ]
}

export function obligationLines(page: Page, obligations: Routing['obligations']): readonly string[] {
  const { extension } = obligations
  return fields(page, [
    ['Tier', word(obligations.tier)],
    [
      'Decided by',
      `${obligations.steps.join(', then ')}; ${obligations.countersignersMin} countersigner${obligations.countersignersMin === 1 ? '' : 's'} of ${obligations.pools.map(quoted).join(' or ')}`,
    ],
    ['Endorsed by', obligations.endorsePools.map(quoted)],
    ['At most', exactly(obligations.windowSecondsMax)],
    ['Decided in', exactly(obligations.decideWithinSeconds)],
    [
      'Started in',
      `${exactly(obligations.activateWithinSeconds)}, ${obligations.activation === 'automatic' ? 'by itself' : 'by an act of its own'}`,
    ],
    ['Controls', obligations.controlsRequired.map(quoted)],
    [
      'Extended',
      extension.countMax === 0
        ? 'never'
        : `at most ${counted(extension.countMax, 'time')}, ${exactly(extension.cumulativeSecondsMax)} in all within ${exactly(extension.overSeconds)}`,
    ],
    ['Reviewed in', exactly(obligations.reviewWithinSeconds)],
  ])
}
