/**
 * The same story with the structure of a real organisation, kept as GitHub configuration. Who plays which part is found
 * in its teams by the engine itself; what such files do not say (a rota, a service account, accounts on the target) is
 * added as a second source, written beside the demo's data where anybody can look at it.
 */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { SourceError } from '../connectors/directory.ts'
import { directoryYaml } from '../connectors/directory-yaml/source.ts'
import { type CompiledDirectory, compileDirectory, membersOfTeam } from '../core/compile.ts'
import { type DirectoryFacts, emptyDirectory, type NodeId } from '../core/directory.ts'
import { independence, type Matter, noHistory } from '../core/independence.ts'
import { applySource } from '../core/merge.ts'
import type { Policy, Pool } from '../core/policy.ts'
import { formAt, sourceAt } from '../sources.ts'
import type { Cast, Person } from './cast.ts'
import { policyAt } from './policy.ts'
import { UnfitDirectory } from './unfit-directory.ts'

const examplePolicy = fileURLToPath(new URL('../../examples/acme/policy.yaml', import.meta.url))
const system = 'sys_ledger-db'
const approversCount = 8
const reviewersCount = 4
const needed = approversCount + reviewersCount

export async function realScenery(path: string, folder: string) {
  const now = new Date().toISOString()
  const form = castableForm(path)
  const facts = applySource(emptyDirectory, await sourceAt(path, 'organisation').read(now).catch(unreadable), now, 400)
  const rules = await policyAt(examplePolicy)
  const parts = partsIn(facts, compileDirectory(facts), withoutPools(rules), now)
  const supplement = join(folder, 'supplement.yaml')
  await writeFile(supplement, supplementOf(parts))
  const whole = applySource(facts, await directoryYaml({ source: 'supplement', path: supplement }).read(now), now, 400)
  const outsiders = outsidersIn(whole, withoutPools(rules), parts, now)
  const policy = withPools(
    rules,
    [...outsiders.slice(0, approversCount), parts.mate, parts.oncall],
    outsiders.slice(approversCount, needed),
  )
  const cast: Cast = {
    asker: { ...person(parts.asker), account: 'maria_p' },
    mate: person(parts.mate),
    granting: person(parts.granting),
    oncall: person(parts.oncall),
    watcher: person(parts.watcher),
    sealer: person(parts.mate),
    opener: { ...person(parts.opener), account: 'aiko_p' },
    owner: person(parts.owner),
    workload: { id: 'wl_replay-bot', account: 'settlement_bot' },
    reviewer: person(outsiders[approversCount] ?? ''),
    founders: outsiders.slice(0, 3).map(person),
    rota: 'rota_incidents',
  }
  return {
    policy,
    cast,
    sources: [
      { id: 'organisation', kind: form, path },
      { id: 'supplement', kind: 'yaml' as const, path: supplement },
    ],
    issuerKey: 'github.com',
  }
}

/** @throws UnfitDirectory for anything but the forms in which people, teams and accounts to sign in with stand together */
export function castableForm(path: string): 'github' | 'working-groups' {
  if (!existsSync(path)) throw new UnfitDirectory(`there is nothing at \`${path}\``)
  const form = formAt(path)
  if (form === 'github' || form === 'working-groups') return form
  throw new UnfitDirectory(
    `\`${path}\` is read as \`${form}\`, and the story cannot be cast from that: it needs people with an account to sign in with, in teams`,
  )
}

function unreadable(error: unknown): never {
  throw error instanceof SourceError ? new UnfitDirectory(error.message) : error
}

interface Parts {
  readonly asker: NodeId
  readonly mate: NodeId
  readonly opener: NodeId
  readonly granting: NodeId
  readonly oncall: NodeId
  readonly watcher: NodeId
  readonly owner: NodeId
}

/** The first team with enough people plays the requesting side; strangers to it play the others. */
function partsIn(facts: DirectoryFacts, directory: CompiledDirectory, policy: Policy, now: string): Parts {
  const teams = facts.nodes.filter(({ kind }) => kind === 'team').map(({ id }) => id)
  for (const team of teams) {
    const [asker, mate, opener, ...rest] = membersOfTeam(directory, team, now)
    if (asker === undefined || mate === undefined || opener === undefined || rest.length === 0) continue
    // The target is not declared yet, and an unknown one would leave nobody independent.
    const { system: _, ...matter } = matterOf(asker, asker)
    const free = (node: NodeId) => independence(matter, node, directory, noHistory, policy, now).independent
    const strangers = facts.nodes.filter(({ kind, id }) => kind === 'person' && free(id)).map(({ id }) => id)
    const [oncall, granting, watcher, owner] = strangers
    if (oncall !== undefined && granting !== undefined && watcher !== undefined && owner !== undefined) {
      return { asker, mate, opener, oncall, granting, watcher, owner }
    }
  }
  throw new UnfitDirectory('no team of this organisation has four people and strangers to them')
}

/** People outside of everything the story asks for. */
function outsidersIn(
  facts: DirectoryFacts,
  policy: Policy,
  { asker, opener, owner, watcher }: Parts,
  now: string,
): readonly NodeId[] {
  const directory = compileDirectory(facts)
  const matters = [
    matterOf(asker, asker),
    // Whoever opens the envelope signs that, and somebody outside confirms their passkey.
    matterOf(opener, opener),
    matterOf(asker, 'rota_incidents'),
    matterOf(owner, 'wl_replay-bot'),
  ]
  const outside = (node: NodeId) =>
    matters.every((matter) => independence(matter, node, directory, noHistory, policy, now).independent)
  const people = facts.nodes.filter(({ kind, id }) => kind === 'person' && id !== watcher)
  const found = [...new Set(people.map(({ id }) => id))].filter(outside)
  if (found.length < needed)
    throw new UnfitDirectory(`only ${found.length} people are outside of it; the story needs ${needed}`)
  // They confirm each other's passkeys, so those come first who stand outside of each other as well.
  const areApart = (one: NodeId, other: NodeId) =>
    [
      [one, other],
      [other, one],
    ].every(([asking = '', deciding = '']) => {
      const { system: _, ...matter } = matterOf(asking, asking)
      return independence(matter, deciding, directory, noHistory, policy, now).independent
    })
  const all = spread(found, needed)
  const apart: NodeId[] = []
  for (const node of all) if (apart.length < needed && apart.every((other) => areApart(node, other))) apart.push(node)
  return [...apart, ...all.filter((node) => !apart.includes(node))].slice(0, needed)
}

/** From all over the organisation, and the same every time. */
function spread(nodes: readonly NodeId[], count: number): readonly NodeId[] {
  const step = Math.max(1, Math.floor(nodes.length / count))
  return Array.from({ length: step }, (_, offset) => nodes.filter((_, place) => place % step === offset)).flat()
}

function matterOf(requester: NodeId, beneficiary: NodeId): Matter {
  return { requester, chain: [], beneficiary, system, took: [], pools: [], rules: [] }
}

function withoutPools(policy: Policy): Policy {
  return { ...policy, pools: {}, independence: { ...policy.independence, teams: {} } }
}

function withPools(policy: Policy, approvers: readonly NodeId[], reviewers: readonly NodeId[]): Policy {
  const pool = (id: string, members: readonly NodeId[], decides: Pool['decides']): Pool => ({
    id,
    name: id,
    members,
    decides,
    rotas: [],
  })
  const pools = {
    approvers: pool('approvers', approvers, ['countersign', 'security', 'rules']),
    reviewers: pool('reviewers', reviewers, ['review']),
  }
  const tiers = Object.fromEntries(
    Object.entries(policy.tiers).map(([id, tier]) => [id, { ...tier, pools: ['approvers'] }]),
  )
  return { ...withoutPools(policy), tiers, pools }
}

function supplementOf(parts: Parts): string {
  const { asker, mate, opener, oncall, granting, watcher, owner } = parts
  const entry = (id: NodeId, login?: string) => [
    loginOf(id),
    { name: loginOf(id), ...(login === undefined ? {} : { accounts: [{ on: system, login }] }) },
  ]
  const content = {
    staleAfter: 'P1D',
    accountsConfirmedBy: [loginOf(watcher), loginOf(granting)],
    people: Object.fromEntries([
      entry(asker, 'maria_p'),
      entry(opener, 'aiko_p'),
      entry(mate),
      entry(oncall),
      entry(granting),
      entry(watcher),
      entry(owner),
    ]),
    systems: { 'ledger-db': { name: 'Ledger database', administrators: [loginOf(granting)] } },
    workloads: {
      'replay-bot': {
        name: 'Replay bot',
        kind: 'service-account',
        owners: [loginOf(owner)],
        accounts: [{ on: system, login: 'settlement_bot' }],
      },
    },
    rotas: {
      incidents: {
        name: 'Incidents',
        rotations: [{ members: [asker, mate, opener, oncall].map(loginOf), start: '2026-01-05T09:00:00Z' }],
      },
    },
  }
  return `# What the organisation's own files do not say, made up for the demo.\n${stringify(content)}`
}

function person(id: NodeId): Person {
  return { id, login: loginOf(id) }
}

function loginOf(id: NodeId): string {
  return id.slice('per_'.length)
}
