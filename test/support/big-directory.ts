/**
 * A large organisation that was never there, the same for the same seed: nested teams, a reporting tree, rotas with
 * turns of duty, accounts, systems, and many more workloads than people. Shaped after real organisations: most things
 * belong to a small team, some to one person, a few to a whole department.
 */
import type {
  DirectoryFacts,
  DirectoryNode,
  NodeKind,
  Relation,
  RelationKind,
  Shift,
} from '../../src/core/directory.ts'
import { instantOf } from '../../src/core/time.ts'

export interface BigDirectory {
  readonly facts: DirectoryFacts
  readonly people: readonly string[]
  readonly workloads: readonly string[]
  readonly systems: readonly string[]
  readonly rotas: readonly string[]
  readonly leafTeams: readonly string[]
  readonly allStaff: string
  readonly divisions: readonly string[]
}

export interface BigSize {
  readonly people: number
  readonly workloads: number
  readonly seed: number
  /** Milliseconds; the moment at which questions will be asked. */
  readonly now: number
}

const dayMillis = 86_400_000
const source = 'hr'

/** @returns numbers in `[0, 1)`; mulberry32, good enough to spread an organisation over. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function bigDirectory(size: BigSize): BigDirectory {
  const writer = factWriter(size)
  const organisation = writeOrganisation(writer, size)
  const systems = writeSystems(writer, organisation, Math.ceil(size.people / 50))
  const workloads = writeWorkloads(writer, organisation, size.workloads)
  const rotas = writeRotas(writer, organisation, size.now)
  return { ...organisation, systems, workloads, rotas, facts: writer.facts() }
}

type Writer = ReturnType<typeof factWriter>

function factWriter({ seed, now }: BigSize) {
  const random = seededRandom(seed)
  const nodes: DirectoryNode[] = []
  const relations: Relation[] = []
  const shifts: Shift[] = []
  const chance = (share: number) => random() < share
  const any = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T

  function node(kind: NodeKind, prefix: string, number: number, more: Partial<DirectoryNode> = {}): string {
    const id = `${prefix}_${String(number).padStart(7, '0')}`
    nodes.push({ id, kind, name: id, source, ...more })
    return id
  }

  /** One relation in thirty has ended, somewhere within the last four hundred days. */
  function relate(from: string, relation: RelationKind, to: string): void {
    const since = instantOf(now - Math.floor(400 + random() * 1000) * dayMillis)
    const ended = chance(1 / 30) ? { until: instantOf(now - Math.floor(random() * 400 * dayMillis)) } : {}
    relations.push({ from, relation, to, source, since, ...ended })
  }

  function facts(): DirectoryFacts {
    const state = { id: source, revision: `seed ${seed}`, observedAt: instantOf(now), staleAfterSeconds: 86_400 }
    return { nodes, relations, shifts, sources: [state] }
  }

  return { node, relate, chance, any, random, facts, shift: (shift: Shift) => shifts.push(shift) }
}

interface Team {
  readonly id: string
  readonly members: string[]
}

interface Organisation {
  readonly people: string[]
  readonly leafTeams: string[]
  readonly leaves: Team[]
  readonly departments: Team[]
  readonly groups: Team[]
  readonly allStaff: string
  readonly divisions: string[]
}

/** Everybody in a team of 3 to 15, fifteen teams to a department, ten departments to a division. */
function writeOrganisation(writer: Writer, { people: count }: BigSize): Organisation {
  const { node, relate, random } = writer
  const people = Array.from({ length: count }, (_, i) => node('person', 'per', i))
  const allStaff = node('team', 'team_all', 0)
  const [leaves, departments, divisions]: [Team[], Team[], string[]] = [[], [], []]
  const chief = people[0] as string
  for (let next = 1; next < count; ) {
    if (leaves.length % 150 === 0) divisions.push(nested(writer, 'team_div', divisions.length, allStaff))
    if (leaves.length % 15 === 0) {
      departments.push({ id: nested(writer, 'team_dep', departments.length, divisions.at(-1) as string), members: [] })
    }
    const department = departments.at(-1) as Team
    const leaf = {
      id: nested(writer, 'team_leaf', leaves.length, department.id),
      members: people.slice(next, next + 3 + Math.floor(random() * 13)),
    }
    next += leaf.members.length
    writeTeam(writer, leaf, department, chief)
    leaves.push(leaf)
  }
  for (const person of people) writePerson(writer, person, allStaff, people)
  const groups = writeGroups(writer, people)
  return { people, leaves, leafTeams: leaves.map(({ id }) => id), departments, groups, allStaff, divisions }

  function nested({ node: write }: Writer, prefix: string, number: number, parent: string): string {
    const id = write('team', prefix, number)
    relate(id, 'part-of', parent)
    return id
  }
}

/** The first member leads the team; the lead of a department's first team heads the department. */
function writeTeam({ relate }: Writer, leaf: Team, department: Team, chief: string): void {
  const [lead, ...others] = leaf.members as [string, ...string[]]
  const head = department.members[0] ?? lead
  department.members.push(...leaf.members)
  relate(lead, 'maintains', leaf.id)
  relate(lead, 'reports-to', lead === head ? chief : head)
  for (const member of leaf.members) relate(member, 'member-of', leaf.id)
  for (const member of others) relate(member, 'reports-to', lead)
}

function writePerson({ node, relate, chance, any }: Writer, person: string, allStaff: string, people: string[]): void {
  const number = Number(person.slice(4))
  relate(person, 'member-of', allStaff)
  relate(node('account', 'acc_sso', number, { on: 'sys_sso', login: person }), 'belongs-to', person)
  if (chance(0.4)) relate(node('account', 'acc_db', number, { on: 'sys_db', login: person }), 'belongs-to', person)
  if (chance(0.005)) relate(person, 'same-as', any(people))
  if (chance(0.01)) relate(person, 'delegate-of', any(people))
}

/** Working groups across the organisation, of a dozen people each. */
function writeGroups({ node, relate, any }: Writer, people: readonly string[]): Team[] {
  return Array.from({ length: Math.ceil(people.length / 25) }, (_, number) => {
    const id = node('team', 'team_group', number)
    const members = Array.from({ length: 12 }, () => any(people))
    for (const member of members) relate(member, 'member-of', id)
    return { id, members }
  })
}

function writeSystems(
  { node, relate, any, chance }: Writer,
  { leaves, people }: Organisation,
  count: number,
): string[] {
  return Array.from({ length: count }, (_, number) => {
    const system = node('system', 'sys', number)
    relate(any(leaves).id, 'administers', system)
    relate(any(leaves).id, 'owns', system)
    if (chance(0.3)) relate(any(people), 'holds-credential-of', system)
    return system
  })
}

/** Four of five belong to a small team, one in a hundred to a whole department. */
function writeWorkloads(writer: Writer, organisation: Organisation, count: number): string[] {
  const { node, relate, any, chance, random } = writer
  const { leaves, people, groups, departments } = organisation
  const agents: string[] = []
  return Array.from({ length: count }, (_, number) => {
    const isAgent = chance(0.05)
    const id = node('workload', 'wl', number, { workloadKind: isAgent ? 'agent' : 'service-account' })
    const kind = random()
    const leaf = any(leaves)
    const owner = kind < 0.8 ? leaf.id : kind < 0.94 ? any(people) : kind < 0.99 ? any(groups).id : any(departments).id
    relate(owner, 'owns', id)
    relate(any(leaf.members), 'created', id)
    if (chance(0.4)) relate(any(leaves).id, 'operates', id)
    if (chance(0.4)) relate(leaf.id, 'can-change', id)
    if (chance(0.05)) relate(any(people), 'holds-credential-of', id)
    if (isAgent && agents.length > 0 && chance(0.3)) relate(any(agents), 'delegates-to', id)
    if (isAgent) agents.push(id)
    return id
  })
}

/** A rota for every third team, two of the team in turn for eight weeks around now. */
function writeRotas({ node, relate, shift }: Writer, { leaves }: Organisation, now: number): string[] {
  return leaves
    .filter((_, i) => i % 3 === 0)
    .map(({ members }, number) => {
      const rota = node('rota', 'rota', number)
      const people = members.slice(0, 6)
      for (const person of people) relate(person, 'on-rota', rota)
      for (let week = -4; week < 4; week++) {
        const start = now + week * 7 * dayMillis
        const person = people[(week + 4) % people.length] as string
        shift({ rota, person, start: instantOf(start), end: instantOf(start + 7 * dayMillis), source })
      }
      return rota
    })
}
