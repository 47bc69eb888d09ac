import { expect, test } from 'vitest'
import { seededRandom } from '../../../test/support/directories.ts'
import { mapping } from '../../../test/support/scim.ts'
import { compileDirectory, recompiled } from '../../core/compile.ts'
import { type DirectoryFacts, emptyDirectory } from '../../core/directory.ts'
import { applyChanges, applySource } from '../../core/merge.ts'
import { plusSeconds } from '../../core/time.ts'
import type { ScimResource } from '../../store/scim-contract.ts'
import { changedFacts } from './changes.ts'
import { enterprise, factsOf, namedBy } from './facts.ts'

const noon = '2026-11-22T12:00:00.000Z'
const random = seededRandom(20_261_128)
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
const some = <One>(all: readonly One[]) => all[Math.floor(random() * all.length)] as One
const userIds = numbers(12).map((n) => `u${n}`)
const groupIds = numbers(4).map((n) => `g${n}`)

function resource(kind: 'User' | 'Group', id: string, body: Record<string, unknown>, inactiveSince?: string) {
  const node = kind === 'User' ? `per_${id}` : `team_${id}`
  const own = { source: 'idp', kind, id, node, version: 1, nameKey: `${id}@x`, created: noon, modified: noon, body }
  return { ...own, active: inactiveSince === undefined, ...(inactiveSince === undefined ? {} : { inactiveSince }) }
}

function anyUser(id: string, now: string): ScimResource {
  const manager = some([undefined, some(userIds), `${some(userIds)}@X`, 'nobody-knows'])
  const department = some([undefined, 'Sales', 'Ledger', 'R&D'])
  const extension = { ...(department && { department }), ...(manager && { manager: { value: manager } }) }
  // Some share an address.
  const emails = [{ value: `${some([id, 'shared', 'team'])}@acme.example` }]
  const body = { userName: `${id}@x`, displayName: id.toUpperCase(), emails, [enterprise]: extension }
  return resource('User', id, body, random() < 0.3 ? now : undefined)
}

function anyGroup(id: string): ScimResource {
  const members = numbers(5).map(() => ({ value: some([...userIds, ...groupIds.filter((other) => other !== id)]) }))
  return resource('Group', id, { displayName: id, members })
}

function snapshot(resources: readonly ScimResource[], revision: number, now: string) {
  const source = { id: 'idp', revision: `scim:${revision}`, observedAt: now, staleAfterSeconds: 86_400 }
  return { source, ...factsOf(resources, mapping), shifts: [] }
}

/** What the store answers to `named`. */
function known(changed: readonly ScimResource[], all: readonly ScimResource[]): readonly ScimResource[] {
  const { ids, names } = namedBy(changed)
  return all.filter(({ id, kind, nameKey }) => ids.includes(id) || (kind === 'User' && names.includes(nameKey)))
}

test('[B08] changes put into force one by one say what reading everything says, whatever was changed', () => {
  // Somebody else speaks of the same people and teams.
  const other = {
    source: { id: 'hr', revision: '1', observedAt: noon, staleAfterSeconds: 86_400 },
    nodes: [{ id: 'per_u1', kind: 'person' as const, name: 'Una' }],
    relations: [{ from: 'per_u1', relation: 'member-of' as const, to: 'team_g1' }],
    shifts: [],
  }
  let all = [...groupIds.map(anyGroup), ...userIds.map((id) => anyUser(id, noon))]
  let inForce: DirectoryFacts = applySource(
    applySource(emptyDirectory, other, noon, 400),
    snapshot(all, 0, noon),
    noon,
    400,
  )
  let recompiledCount = 0
  for (const revision of numbers(300)) {
    const now = plusSeconds(noon, 60 * (revision + 1))
    const switched = random() < 0.4
    const ids = new Set(
      numbers(1 + Math.floor(random() * 3)).map(() => some([...userIds, ...(switched ? [] : groupIds)])),
    )
    const before = all
    all = before.map((one) => {
      if (!ids.has(one.id)) return one
      // Most often somebody is only switched off, or on again.
      if (switched) return resource('User', one.id, one.body, one.active ? now : undefined)
      return one.kind === 'User' ? anyUser(one.id, now) : anyGroup(one.id)
    })
    const changed = all.filter(({ id }) => ids.has(id))
    const whole = snapshot(all, revision + 1, now)
    const wanted = applySource(inForce, whole, now, 400)
    const changes = {
      source: whole.source,
      ...changedFacts(inForce, 'idp', { changed, known: known(changed, all) }, mapping),
    }
    const after = applyChanges(inForce, changes, now, 400)
    expect(after).toEqual(wanted)
    const quick = recompiled({ facts: inForce, compiled: compileDirectory(inForce) }, after)
    if (quick !== undefined) {
      recompiledCount++
      expect(quick).toEqual(compileDirectory(after))
    }
    inForce = after
  }
  expect(recompiledCount).toBeGreaterThan(50)
})
