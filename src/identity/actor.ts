/**
 * Who acts? Turns the accounts that a verified token names into an `Actor`. Without `act` that is the subject. With it,
 * the current actor acts, and the subject and every earlier actor stand in the chain, so that an agent with a person's
 * token never passes for that person, and the person who set it in motion counts as asking.
 */
import type { ResolvedAccount } from '../core/compile.ts'
import type { NodeId, WorkloadId } from '../core/directory.ts'
import { instantOf } from '../core/time.ts'
import type { Actor } from '../core/waiver.ts'
import type { KnowsWorkload, ResolveAccount } from './account.ts'
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
  /** Thumbprint of the key the token is bound to, once it was shown; absent: it is bound to none. */
  readonly key?: string
}

interface Holder {
  readonly id: NodeId
  readonly kind: 'person' | 'workload'
  readonly confirmed: boolean
}

type FindHolder = (named: NamedAccount) => Promise<Holder | AuthenticationProblem>

export async function actorOf(
  token: VerifiedToken,
  resolve: ResolveAccount,
  knows: KnowsWorkload = () => undefined,
): Promise<Authenticated | AuthenticationProblem> {
  const { issuerKey, subject, actors } = token
  const account = actors[0] ?? subject
  const find: FindHolder = ({ workload, on, login }) =>
    workload === undefined ? holderOf(on, login, resolve) : workloadOf(workload, knows)
  const acting = await find(account)
  if ('problem' in acting) return actors.length === 0 ? acting : inChain(acting)
  const no = mayNotAct(acting, token)
  if (no !== undefined) return no
  const chain = await chainOf(token, find)
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
  find: FindHolder,
): Promise<{ readonly ids: NodeId[] } | AuthenticationProblem> {
  const ids: NodeId[] = []
  if (actors.length === 0) return { ids }
  for (const one of [subject, ...actors.slice(1).reverse()]) {
    const member = await find(one)
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

async function holderOf(on: string, login: string, resolve: ResolveAccount): Promise<Holder | AuthenticationProblem> {
  const resolved = await resolve(on, login)
  return resolved === undefined ? authenticationProblem('directory-unavailable') : oneHolder(resolved)
}

/** A rule of the operators says which workload it is; the directory says whether there is one. */
async function workloadOf(id: WorkloadId, knows: KnowsWorkload): Promise<Holder | AuthenticationProblem> {
  const known = await knows(id)
  if (known === undefined) return authenticationProblem('directory-unavailable')
  return known ? { id, kind: 'workload', confirmed: true } : authenticationProblem('account-unknown')
}

function oneHolder({ person, workload, confirmed, conflicting }: ResolvedAccount): Holder | AuthenticationProblem {
  if (conflicting.length > 0 || (person !== undefined && workload !== undefined)) {
    return authenticationProblem('account-contradictory')
  }
  if (person !== undefined) return { id: person, kind: 'person', confirmed }
  if (workload !== undefined) return { id: workload, kind: 'workload', confirmed }
  return authenticationProblem('account-unknown')
}
