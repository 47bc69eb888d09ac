/**
 * The inventory of workloads: who answers for each of them, how it signs in, what it may hand on, and what became of its
 * overrides. Whom it belongs to is for everybody who is signed in, as the directory is; how it signs in is for those who
 * control it or see all settings.
 */
import type { Assertion } from '../../core/assertion.ts'
import { isControllerOf } from '../../core/standing.ts'
import { type Workload, workloadOf } from '../../core/workload.ts'
import { assertionView } from '../assertions.ts'
import type { DirectoryIndex } from '../directory-index.ts'
import { reads } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem, problem } from '../problem.ts'
import * as schema from '../schema/workload.ts'
import { mayRead, namesIn, type Sight, seesSettings, sightFor } from '../sight.ts'

/** Looked at for one page: a page of orphans among a million that have owners ends early, and says where to go on. */
const lookedAtMax = 20_000
const waiversMax = 20
const claimsMax = 100_000

export function workloadRoutes(scope: Scope, parts: Parts): void {
  list(scope, parts)
  one(scope, parts)
}

function list(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'workloads',
    tags: ['directory'],
    summary: 'Workloads, and who answers for each',
    description:
      'An orphan is a workload that nobody who is here owns. It gets no override until somebody has taken ownership and somebody independent has confirmed that.',
    ok: schema.workloadPage,
  })
  scope.get('/v1/workloads', { schema: { ...about, querystring: schema.workloadQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { orphaned, after = '', limit } = request.query
    const ids = sortedWorkloads(sight.index)
    const begin = ids.findIndex((id) => id > after)
    const rows: schema.WorkloadView[] = []
    let looked = begin < 0 ? ids.length : begin
    const end = Math.min(ids.length, looked + lookedAtMax)
    for (; looked < end && rows.length < Number(limit); looked++) {
      const known = workloadOf(sight.directory, ids[looked] as string, sight.now)
      if (known !== undefined && (orphaned === undefined || known.orphaned === (orphaned === 'true')))
        rows.push(rowView(known, sight))
    }
    const next = looked < ids.length ? ids[looked - 1] : undefined
    return { workloads: rows, ...(next === undefined ? {} : { next }), names: namesIn(sight.index, rows) }
  })
}

function one(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'workload',
    tags: ['directory'],
    summary: 'A workload',
    ok: schema.workloadDetail,
  })
  scope.get(
    '/v1/workloads/:workload',
    { schema: { ...about, params: schema.workloadPath } },
    async (request, reply) => {
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      const { workload: id } = request.params
      const known = sight.index.node(id)?.kind === 'workload' ? workloadOf(sight.directory, id, sight.now) : undefined
      if (known === undefined)
        return parts.send(reply, problem('unknown-node', `the directory has no workload \`${id}\``))
      const sees =
        seesSettings(sight) || id === sight.caller.id || isControllerOf(sight.directory, sight.caller.id, id, sight.now)
      const { credentials, creators, credentialHolders, changers, delegatesTo, delegatedBy } = known
      const workload = {
        ...rowView(known, sight),
        ...{ creators, credentialHolders, changers, delegatesTo, delegatedBy },
        credentialsCount: credentials.length,
        credentials: sees ? credentials : [],
      }
      const usage = sees ? await usageOf(parts, sight, id) : undefined
      const claims = (await claimsOf(parts, id)).map(assertionView)
      const body = { workload, ...(usage === undefined ? {} : { usage }), claims }
      return { ...body, names: namesIn(sight.index, body) }
    },
  )
}

/** Once a revision of the directory. */
const sorted = new WeakMap<DirectoryIndex, readonly string[]>()

function sortedWorkloads(index: DirectoryIndex): readonly string[] {
  const known = sorted.get(index) ?? [...index.ids('workload')].sort()
  sorted.set(index, known)
  return known
}

function rowView(known: Workload, { index }: Sight): schema.WorkloadView {
  const { id, active, orphaned, ownedBy, owners, operators, runsOn } = known
  const node = index.node(id)
  return {
    id,
    name: node?.name ?? id,
    ...(node?.workloadKind === undefined ? {} : { kind: node.workloadKind }),
    ...{ active, orphaned, ownedBy, owners, operators, runsOn },
  }
}

async function usageOf({ machinery: { store } }: Parts, sight: Sight, id: string) {
  const [all, lastUsedAt] = await Promise.all([
    store.waivers.list({ beneficiary: id, limit: waiversMax }),
    store.drift.lastUseOf(id),
  ])
  const waivers = all.filter((waiver) => mayRead(sight, waiver))
  const [newest] = waivers
  return {
    waivers: waivers.map(({ id: waiver }) => waiver),
    openCount: waivers.filter(({ status }) => status !== 'ended' && status !== 'reviewed').length,
    ...(newest === undefined ? {} : { lastAskedAt: newest.requestedAt }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  }
}

async function claimsOf({ machinery: { store } }: Parts, id: string): Promise<readonly Assertion[]> {
  const all = (await store.records.list('ownership', claimsMax)) as readonly Assertion[]
  return all.filter(({ said }) => said.to === id).sort((a, b) => (a.at < b.at ? 1 : -1))
}
