/**
 * Opening a sealed envelope: by somebody on its rota, on an account of their own, and within what they and their rota may
 * have altogether. An envelope that follows earlier access goes on from it and counts as an extension, as a request would.
 */
import type { Facts } from '../facts.ts'
import { isRefusal, type Obligations, offerFor } from '../obligations.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { accountsHeld, isOnRota } from '../standing.ts'
import type { EventOf, Waiver } from '../waiver.ts'
import { continuation, cumulativeTime } from './caps.ts'
import { firstOf } from './checks.ts'

/** What is given by opening it now, until `end`; nothing of it was known when it was sealed. */
export interface Opening {
  readonly end: string
  readonly obligations: Obligations
}

export function mayOpen(waiver: Waiver, opening: Opening, facts: Facts): Refusal | undefined {
  if (waiver.terms.kind !== 'break-glass') return undefined
  return firstOf(
    () => riskOfOpener(waiver, facts),
    () => cumulativeTime(spellOf(waiver, opening, facts), opening.obligations, facts),
    () => continuation(spellOf(waiver, opening, facts), opening.obligations, facts).refusal,
    () => sameSigner(waiver, opening, facts),
  )
}

export function onRotaWhenSealed(waiver: Waiver, { actor, directory, now }: Facts): Refusal | undefined {
  if (waiver.terms.kind !== 'break-glass') return undefined
  return isOnRota(directory, actor.id, waiver.terms.beneficiary, now)
    ? undefined
    : refusal('not-on-rota', `\`${waiver.terms.beneficiary}\``)
}

/** @returns the opener's own account: the one they named, or the only one they have. Nobody else chooses among several. */
export function ownAccount(
  named: string | undefined,
  system: string,
  { actor, directory, now }: Facts,
): string | Refusal {
  const nearest = accountsHeld(directory, actor.id, system, now)
  const [only, another] = nearest
  if (named !== undefined)
    return nearest.includes(named) ? named : refusal('unknown-account', `\`${named}\` on \`${system}\``, { nearest })
  if (only === undefined) return refusal('unknown-account', `\`${actor.id}\` has none on \`${system}\``)
  const names = nearest.map((name) => `\`${name}\``).join(', ')
  return another === undefined ? only : refusal('account-needed', names, { at: 'account', nearest })
}

/** @returns what the opening says on the record when it follows earlier access. */
export function goingOn(waiver: Waiver, opening: Opening, facts: Facts): Pick<EventOf<'ActivationStarted'>, 'goesOn'> {
  if (waiver.terms.kind !== 'break-glass') return {}
  const { waivers, ordinal, countersigners } = continuation(spellOf(waiver, opening, facts), opening.obligations, facts)
  return waivers.length === 0 ? {} : { goesOn: { waivers, ordinal, countersigners } }
}

function spellOf({ terms }: Waiver, { end }: Opening, { now }: Facts) {
  return { access: terms.access, window: { start: now, end } }
}

/** It was sealed for a rota; the tier that an agent or an outsider falls into is known only now. */
function riskOfOpener({ terms, obligations }: Waiver, { actor, directory, policies }: Facts): Refusal | undefined {
  const offer = offerFor({ ...terms, beneficiary: actor.id }, policies.today, directory)
  if (isRefusal(offer) || offer.obligations.rank <= obligations.rank) return undefined
  return refusal('opener-needs-higher-tier', `\`${offer.obligations.tier}\` instead of \`${obligations.tier}\``)
}

/** Whoever gave the time before does not give the time that follows, in advance as little as afterwards. */
function sameSigner(waiver: Waiver, opening: Opening, facts: Facts): Refusal | undefined {
  if (!opening.obligations.extension.distinctCountersigner) return undefined
  const { countersigners, waivers } = continuation(spellOf(waiver, opening, facts), opening.obligations, facts)
  const again = waiver.approvals.find(({ by }) => countersigners.includes(by))
  if (again === undefined) return undefined
  const names = waivers.map((id) => `\`${id}\``).join(', ')
  return refusal('approver-decided-before', `\`${again.by}\` countersigned this and ${names}, which it goes on from`)
}
