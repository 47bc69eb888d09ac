/** A change that is to be decided: read, checked and laid out, so that what is shown is what is signed. */
import type { ChangeView, PolicyView } from '../../../client/index.ts'
import { digestOf } from '../../../lib/digest.ts'
import { nearest } from '../../../lib/nearest.ts'
import type { Call } from '../../context.ts'
import { compareViews } from '../../input/rules.ts'
import { changeLines } from '../../output/change-lines.ts'
import type { Names } from '../../output/page.ts'
import { quoted } from '../../output/visible.ts'
import { answered, type Session } from '../../session.ts'
import { Stop } from '../../stop.ts'
import { UsageError } from '../../usage-error.ts'
import { comparisonLines } from './diff.ts'

export interface ChangeDetail {
  readonly change: ChangeView
  readonly names: Names
}

/** @throws {UsageError} {Stop} naming ids that look like the one that was typed */
export async function changeDetail(session: Session, id: string): Promise<ChangeDetail> {
  const wellFormed = /^chg_[0-9a-z]{26}$/.test(id)
  const answer = wellFormed ? await session.client.change(id) : undefined
  if (answer !== undefined && (answer.ok || answer.problem.code !== 'unknown-change')) return answered(answer, id)
  const known = await session.client.changes()
  const ids = known.ok
    ? nearest(
        id,
        known.value.changes.map((one) => one.id),
      )
    : []
  const meant = ids.length === 0 ? '' : `; did you mean ${ids.map(quoted).join(' or ')}?`
  if (!wellFormed)
    throw new UsageError(`${quoted(id)} is no id of a change${meant}; see \`countersign policy changes\``)
  throw new Stop('notFound', {
    kind: 'not-found',
    code: 'unknown-change',
    message: `there is no change ${quoted(id)}${meant}`,
    next: 'look it up with `countersign policy changes`',
    more: { nearest: ids },
  })
}

/**
 * Everything that changes, compared here from the two revisions themselves rather than taken from a list.
 * @throws {Stop} when the rules that are shown have another digest than the one that would be signed
 */
export async function changePage(
  call: Call,
  { client }: Session,
  { change, names }: ChangeDetail,
): Promise<readonly string[]> {
  const before = answered(await client.policyRevision(change.base))
  const after = answered(await client.policyRevision(change.proposed))
  requireDigest(before, change.base)
  requireDigest(after, change.proposed)
  const comparison = compareViews(before, after)
  return [
    ...changeLines(call.page, change, names),
    '',
    call.page.paint.strong('Every difference:'),
    ...comparisonLines(call.page, comparison, { ...after.names, ...names }),
    '',
  ]
}

/** Where settings are left out the digest cannot be computed; then the comparison says that they were left out. */
function requireDigest({ policy, complete, digest }: PolicyView, expected: string): void {
  if (digest === expected && (!complete || digestOf(policy) === expected)) return
  throw new Stop('refused', {
    kind: 'refusal',
    code: 'terms-changed',
    message: `the rules that were sent to be shown are not \`${expected}\`; nothing was decided`,
    next: 'tell whoever runs the server; this must not happen',
  })
}
