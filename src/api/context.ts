/**
 * What whoever decides should have in front of them: the entitlement as its target describes it now, what the same people
 * had and have on this system, and which duty rules break if they get this as well.
 */
import type { Waiver } from '../core/waiver.ts'
import { asEarlier } from '../engine/circumstances.ts'
import { type Contents, TargetFault } from '../engine/targets.ts'
import { heldBeside, heldToday } from './held.ts'
import type { Parts } from './parts.ts'
import type { Context } from './schema/routing.ts'
import { mayRead, namesIn, relationsTo, type Sight, seesPathsIn } from './sight.ts'

export async function decisionContext(parts: Parts, sight: Sight, waiver: Waiver): Promise<Context> {
  const { index, now } = sight
  const terms = waiver.proposal?.terms ?? waiver.terms
  const [contents, beside] = await Promise.all([
    contentsNow(parts, sight, terms.access),
    heldBeside(parts, sight, [waiver.requester, ...waiver.chain], terms, waiver.id),
  ])
  const decides = seesPathsIn(relationsTo(sight, waiver))
  const earlier = beside.earlier.filter((other) => decides || mayRead(sight, other)).map(row)
  const sees = decides || sight.caller.id === terms.beneficiary
  const held = sees ? heldToday(sight, terms.beneficiary, beside.live) : []
  return {
    contains: {
      state: contents === undefined ? 'unknown' : contents.digest === terms.contains ? 'same' : 'changed',
      summary: contents?.summary ?? [],
    },
    earlier,
    held,
    breaks: beside.breaks.map(({ id, name, severity }) => ({ rule: id, name, severity })),
    nowAt: now,
    names: namesIn(index, waiver.terms, earlier, held),
  }
}

/** @returns what the target says; nothing when it says nothing or no connector reaches it. */
export function contentsNow(
  { machinery }: Parts,
  { policy }: Sight,
  access: Waiver['terms']['access'],
): Promise<Contents | undefined> {
  return machinery.targets
    .contents(access, policy)
    .then((contents) => ('silence' in contents ? undefined : contents))
    .catch((error: unknown) => {
      if (error instanceof TargetFault) return undefined
      throw error
    })
}

function row(other: Waiver): Context['earlier'][number] {
  const { window, granted } = asEarlier(other)
  return {
    waiver: other.id,
    status: other.status,
    entitlement: other.terms.access.entitlement,
    start: window.start,
    end: window.end,
    granted,
    ...(other.end === undefined ? {} : { cause: other.end.cause }),
  }
}
