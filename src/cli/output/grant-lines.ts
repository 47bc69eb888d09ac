/** What is true on the target, as it was last seen: never what was merely asked of it. */
import type { GrantView, WaiverView } from '../../client/index.ts'
import { fields } from './fields.ts'
import { counted, instantSeen } from './moments.ts'
import type { Page } from './page.ts'
import { quoted, visible } from './visible.ts'

export function grantLines(page: Page, grant: GrantView): readonly string[] {
  const { observed } = grant
  const brush = grant.settled ? page.paint.good : page.paint.bad
  return fields(page, [
    ['Grant', visible(grant.grant)],
    ['On the target', [{ text: stateOf(grant), brush }]],
    ['Account', quoted(grant.account)],
    ['Last seen', grant.observedAt === undefined ? 'never' : instantSeen(grant.observedAt, page)],
    ['Next look', grant.nextAt === undefined ? [] : instantSeen(grant.nextAt, page)],
    ['Differs', (observed?.differs ?? []).map(visible)],
    ['Sessions', sessions(observed)],
    [
      'Residue',
      (observed?.residue ?? []).map(({ kind, name, detail }) => `${visible(kind)} ${quoted(name)}: ${visible(detail)}`),
    ],
    ['Attempts', grant.settled ? [] : `${grant.attempts} since it last was as wanted`],
    ['Last error', grant.lastError === undefined ? [] : visible(grant.lastError)],
  ])
}

export function stateOf({ wanted, settled, observed }: GrantView): string {
  if (settled) return wanted === 'present' ? 'present, as wanted' : 'gone, as wanted'
  const seen = observed === undefined ? 'not looked at yet' : observed.present ? 'it is there' : 'it is not there'
  return wanted === 'present' ? `shall be present; ${seen}` : `shall be GONE; ${seen}`
}

function sessions(observed: GrantView['observed']): readonly string[] {
  if (observed === undefined) return []
  if (observed.sessions.length === 0) return ['none live']
  return observed.sessions.map(
    ({ session, account, since, detail }) =>
      `${quoted(session)} of ${quoted(account)} since ${visible(since)}: ${visible(detail)}`,
  )
}

/** `gone` is said only of what was read back. */
export function removalLines(page: Page, { removal }: WaiverView): readonly string[] {
  switch (removal.state) {
    case 'not-needed':
      return []
    case 'open':
      return fields(page, [
        [
          'Removal',
          [
            {
              text: `OPEN since ${instantSeen(removal.since, page)}, failed ${counted(removal.failures, 'time')}`,
              brush: page.paint.bad,
            },
          ],
        ],
        ['Target said', removal.lastFailure === undefined ? [] : visible(removal.lastFailure)],
      ])
    case 'verified':
      return fields(page, [
        ['Removal', [{ text: `verified ${instantSeen(removal.at, page)}`, brush: page.paint.good }]],
        ['Left behind', removal.residue.map(quoted)],
      ])
    default:
      return removal satisfies never
  }
}
