/** Incidents, changes and tickets: when one is closed, every waiver under it ends, each by its own act and with its own answer. */
import type { Actor, WaiverId } from '../../core/waiver.ts'
import { StoreFault } from '../../store/fault.ts'
import { writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { handleAs, keyOf, refusalProblem } from '../perform.ts'
import { answerOnce } from '../repeat.ts'
import { type Closed, closed, closure, referencePath } from '../schema/acts.ts'
import { anySight, mayRead, namesIn } from '../sight.ts'

type Row = Closed['results'][number]

export function referenceRoutes(scope: Scope, parts: Parts): void {
  const about = writes({
    operationId: 'closeReference',
    tags: ['references'],
    summary: 'Ends every open waiver of an incident, change or ticket',
    description:
      'Each waiver is ended by itself, with the rights of whoever calls. One that the caller may not end is refused in its row.',
    ok: closed,
  })
  scope.post(
    '/v1/references/:reference/closure',
    { schema: { ...about, params: referencePath, body: closure } },
    async (request, reply) => {
      const { reference } = request.params
      const caller = callerOf(request)
      const key = keyOf(request)
      const asked = { actor: caller, key, request: { closes: reference, ...request.body } }
      const answer = await answerOnce<readonly Row[]>(parts.machinery, asked, async () => {
        const rows: Row[] = []
        for (const waiver of await openUnder(parts, caller, reference, request.body.kind)) {
          rows.push(await end(parts, caller, waiver, request.body.reason, key))
        }
        const settled = rows.every(({ outcome }) => outcome !== 'unknown')
        return { accepted: rows, ...(settled ? {} : { settled }) }
      })
      const sight = await anySight(parts, caller)
      if ('refused' in answer)
        return parts.send(reply, refusalProblem(sight, answer.refused, undefined, { replayed: answer.replayed }))
      const results = answer.accepted
      const complete = results.every(({ outcome }) => outcome === 'ended')
      return {
        reference,
        results,
        complete,
        replayed: answer.replayed,
        names: sight === undefined ? {} : namesIn(sight.index, results),
      }
    },
  )
}

/** Two things elsewhere may share an id; whoever names the kind means only that one. What nobody may read is not listed. */
async function openUnder(
  parts: Parts,
  caller: Actor,
  reference: string,
  kind: string | undefined,
): Promise<readonly WaiverId[]> {
  const { store } = parts.machinery
  const sight = await anySight(parts, caller)
  const found: WaiverId[] = []
  for (const id of await store.waivers.withReference(reference)) {
    const waiver = await store.waivers.find(id)
    const meant = kind === undefined || waiver?.terms.reference?.kind === kind
    if (meant && sight !== undefined && mayRead(sight, waiver)) found.push(id)
  }
  return found.sort()
}

async function end(
  parts: Parts,
  caller: Actor,
  waiver: WaiverId,
  reason: string,
  key: string | undefined,
): Promise<Row> {
  // No caller's own key contains a space, so this one is never theirs for anything else.
  const own = key === undefined ? undefined : `closure ${key} ${waiver}`
  try {
    const handled = await handleAs(parts, caller, { type: 'revoke', reason, cause: 'reference-closed' }, waiver, own)
    if (handled.outcome === 'accepted') return { waiver, outcome: 'ended' }
    return { waiver, outcome: 'refused', code: handled.refusal.code, detail: handled.refusal.message }
  } catch (error) {
    // What was ended stays ended: the others' rows are worth more than one answer for all.
    if (!(error instanceof StoreFault)) throw error
    return { waiver, outcome: 'unknown', code: error.code, detail: 'the database did not answer; ask again' }
  }
}
