/**
 * Who acts? Turns the accounts that a verified token names into an `Actor`. Without `act` that is the subject. With it,
 * the current actor acts, and the subject and every earlier actor stand in the chain, so that an agent with a person's
 * token never passes for that person, and the person who set it in motion counts as asking.
 */
import type { ResolvedAccount } from '../core/compile.ts'
import type { NodeId } from '../core/directory.ts'
import { instantOf } from '../core/time.ts'
import type { Actor } from '../core/waiver.ts'
import type { ResolveAccount } from './account.ts'
import type { NamedAccount, VerifiedToken } from './claims.ts'
import { type AuthenticationProblem, authenticationProblem } from './problem.ts'

export interface Authenticated {
  readonly actor: Actor
  /** Key of the issuer. */
  readonly issuer: string
  /** What the issuer calls the subject of the token. */
  readonly subject: string
  /** The account of whoever acts; differs from the subject's only with `act`. */
  readonly account: NamedAccount
}

interface Holder {
  readonly id: NodeId
  readonly kind: 'person' | 'workload'
  readonly confirmed: boolean
}

export async function actorOf(
  token: VerifiedToken,
  resolve: ResolveAccount,
): Promise<Authenticated | AuthenticationProblem> {
  const { issuerKey, subject, actors } = token
  const account = actors[0] ?? subject
  const acting = await holderOf(account, resolve)
  if ('problem' in acting) return actors.length === 0 ? acting : inChain(acting)
  const no = mayNotAct(acting, token)
  if (no !== undefined) return no
  const chain = await chainOf(token, resolve)
  if ('problem' in chain) return chain
  const signedInAt = signedInAtOf(token, acting, chain.ids)
  const actor = { id: acting.id, chain: chain.ids, ...(signedInAt === undefined ? {} : { signedInAt }) }
  return { actor, issuer: issuerKey, subject: subject.login, account }
}

function mayNotAct({ kind, confirmed }: Holder, { subject, actors, client }: VerifiedToken) {
  // In somebody's favour a link between account and holder counts only once it was confirmed.
  if (!confirmed) return authenticationProblem('account-unconfirmed')
  // RFC 9068 section 5: a client must not be able to choose a name that is a person's.
  const ownName = actors.length === 0 && client === subject.login
  return kind === 'person' && ownName ? authenticationProblem('client-posing-as-person') : undefined
}

/** Only a person who acts alone, and in nobody's name, has signed in such that they may decide. */
function signedInAtOf({ signedInSeconds }: VerifiedToken, acting: Holder, chain: readonly NodeId[]) {
  if (acting.kind !== 'person' || chain.length > 0 || signedInSeconds === undefined) return undefined
  return instantOf(signedInSeconds * 1000)
}

/** Outermost first: the subject in whose name it all happens, then the actors from the first to the last but one. */
async function chainOf(
  { subject, actors }: VerifiedToken,
  resolve: ResolveAccount,
): Promise<{ readonly ids: NodeId[] } | AuthenticationProblem> {
  const ids: NodeId[] = []
  if (actors.length === 0) return { ids }
  for (const one of [subject, ...actors.slice(1).reverse()]) {
    const member = await holderOf(one, resolve)
    if ('problem' in member) return inChain(member)
    // Against somebody a link counts at once, confirmed or not.
    ids.push(member.id)
  }
  return { ids }
}

/** An unknown member of a chain could be anybody, also whoever approves; a directory that is down stays what it is. */
function inChain(problem: AuthenticationProblem): AuthenticationProblem {
  return problem.kind === 'unavailable' ? problem : authenticationProblem('delegation-unresolved', problem.message)
}

async function holderOf({ on, login }: NamedAccount, resolve: ResolveAccount): Promise<Holder | AuthenticationProblem> {
  const resolved = await resolve(on, login)
  return resolved === undefined ? authenticationProblem('directory-unavailable') : oneHolder(resolved)
}

function oneHolder({ person, workload, confirmed, conflicting }: ResolvedAccount): Holder | AuthenticationProblem {
  if (conflicting.length > 0 || (person !== undefined && workload !== undefined)) {
    return authenticationProblem('account-contradictory')
  }
  if (person !== undefined) return { id: person, kind: 'person', confirmed }
  if (workload !== undefined) return { id: workload, kind: 'workload', confirmed }
  return authenticationProblem('account-unknown')
}
