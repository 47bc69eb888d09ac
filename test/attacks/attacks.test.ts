import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Attack, attacks, type Surface, surfaces } from './attacks.ts'

/** Ids in the names of tests, as `[B07]`, by the surface their file belongs to. */
const cited = citations()

function citations(): ReadonlyMap<string, ReadonlySet<Surface | string>> {
  const found = new Map<string, Set<string>>()
  for (const file of testFiles()) {
    const surface = Object.entries(surfaces).find(([, folders]) =>
      folders.some((folder) => file.startsWith(folder)),
    )?.[0]
    for (const [, id = ''] of readFileSync(file, 'utf8').matchAll(/\[(B\d+)\]/g))
      found.set(id, (found.get(id) ?? new Set()).add(surface ?? file))
  }
  return found
}

function testFiles(): string[] {
  return ['src', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(test|contract)\.ts$/.test(name) && !name.endsWith('attacks.test.ts'))
      .map((name) => join(folder, name)),
  )
}

const every = (choose: (id: string, attack: Attack, surface: Surface) => boolean) =>
  Object.entries(attacks).flatMap(([id, attack]) =>
    attack.triedOn.filter((surface) => choose(id, attack, surface)).map((surface) => `${id} on ${surface}`),
  )

test('every class of attack is tried on every surface it can come in by, or planned', () => {
  const untried = every(
    (id, { planned }, surface) => cited.get(id)?.has(surface) !== true && planned?.[surface] === undefined,
  )
  expect(untried).toEqual([])
})

test('a planned one that is tried is no longer planned', () => {
  const arrived = every(
    (id, { planned }, surface) => cited.get(id)?.has(surface) === true && planned?.[surface] !== undefined,
  )
  expect(arrived).toEqual([])
})

test('whatever is planned is on the list of surfaces it is planned for', () => {
  const lost = Object.entries(attacks).flatMap(([id, { planned = {}, triedOn }]) =>
    Object.keys(planned)
      .filter((surface) => !triedOn.includes(surface as Surface))
      .map((surface) => `${id} ${surface}`),
  )
  expect(lost).toEqual([])
})

test('no test cites a class that does not exist', () => {
  expect([...cited.keys()].filter((id) => attacks[id] === undefined)).toEqual([])
})
