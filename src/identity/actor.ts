/**
 * Who acts? Turns the accounts that a verified token names into an `Actor`. Without `act` that is the subject. With it,
 * the current actor acts, and the subject and every earlier actor stand in the chain, so that an agent with a person's
 * token never passes for that person, and the person who set it in motion counts as asking.
 */
import type { NodeId } from '../core/directory.ts'
import { instantOf } from '../core/time.ts'
import type { Actor } from '../core/waiver.ts'
import type { ResolveAccount, ResolvedAccount } from './account.ts'
import type { NamedAccount, VerifiedToken } from './claims.ts'
import { type AuthenticationProblem, type AuthenticationProblemCode, authenticationProblem } from './problem.ts'

export interface Authenticated {
  readonly actor: Actor
  /** Key of the issuer. */
  readonly issuer: string
  /** What the issuer calls the subject of the token. */
  readonly subject: string
  /** The account of whoever acts: `acc_…`. */
  readonly account: NodeId
}

type Known = Extract<ResolvedAccount, { outcome: 'known' }>

export async function actorOf(
  token: VerifiedToken,
  resolve: ResolveAccount,
): Promise<Authenticated | AuthenticationProblem> {
  const { subject, actors, client } = token
  const acting = await known(actors[0] ?? subject, resolve)
  if ('problem' in acting) return actors.length === 0 ? acting : inChain(acting)
  // In somebody's favour a link between account and holder counts only once it was confirmed.
  if (!acting.confirmed) return authenticationProblem('account-unconfirmed')
  // RFC 9068 section 5: a client must not be able to choose a name that is a person's.
  if (acting.kind === 'person' && actors.length === 0 && client === subject.login) {
    return authenticationProblem('client-posing-as-person')
  }
  const chain = await chainOf(token, resolve)
  if ('problem' in chain) return chain
  const { signedInSeconds } = token
  const signedIn = acting.kind === 'person' && chain.ids.length === 0 && signedInSeconds !== undefined
  return {
    actor: {
      id: acting.holder,
      chain: chain.ids,
      ...(signedIn ? { signedInAt: instantOf(signedInSeconds * 1000) } : {}),
    },
    issuer: token.issuerKey,
    subject: subject.login,
    account: acting.account,
  }
}

/** Outermost first: the subject in whose name it all happens, then the actors from the first to the last but one. */
async function chainOf(
  { subject, actors }: VerifiedToken,
  resolve: ResolveAccount,
): Promise<{ readonly ids: NodeId[] } | AuthenticationProblem> {
  const ids: NodeId[] = []
  if (actors.length === 0) return { ids }
  for (const one of [subject, ...actors.slice(1).reverse()]) {
    const member = await known(one, resolve)
    if ('problem' in member) return inChain(member)
    // Against somebody a link counts at once, confirmed or not.
    ids.push(member.holder)
  }
  return { ids }
}

/** Unknown people in a chain could be anybody, also whoever approves; a directory that is down stays what it is. */
function inChain(problem: AuthenticationProblem): AuthenticationProblem {
  return problem.kind === 'unavailable' ? problem : authenticationProblem('delegation-unresolved', problem.message)
}

async function known({ on, login }: NamedAccount, resolve: ResolveAccount): Promise<Known | AuthenticationProblem> {
  const resolved = await resolve(on, login)
  return resolved.outcome === 'known' ? resolved : authenticationProblem(codeOf(resolved.outcome))
}

function codeOf(outcome: Exclude<ResolvedAccount['outcome'], 'known'>): AuthenticationProblemCode {
  switch (outcome) {
    case 'unknown':
      return 'account-unknown'
    case 'contradictory':
      return 'account-contradictory'
    case 'deactivated':
      return 'account-deactivated'
    case 'unavailable':
      return 'directory-unavailable'
    default:
      return outcome satisfies never
  }
}
