import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { controls } from './controls.ts'

/** Ids in the names of tests, as `[group/control]`, by file. */
function citations(): Map<string, string[]> {
  const cited = new Map<string, string[]>()
  for (const file of testFiles()) {
    for (const [, id = ''] of readFileSync(file, 'utf8').matchAll(/\[([a-z-]+\/[a-z-]+)\]/g)) {
      cited.set(id, [...(cited.get(id) ?? []), file])
    }
  }
  return cited
}

function testFiles(): string[] {
  return ['src', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(test|contract)\.ts$/.test(name) && !name.endsWith('controls.test.ts'))
      .map((name) => join(folder, name)),
  )
}

test('every control is proven by a test, or planned', () => {
  const cited = citations()
  const uncited = Object.entries(controls).flatMap(([id, control]) =>
    cited.has(id) || control.planned !== undefined ? [] : [id],
  )
  expect(uncited).toEqual([])
})

test('a planned control that is proven is no longer planned', () => {
  const cited = citations()
  const arrived = Object.entries(controls).flatMap(([id, control]) =>
    cited.has(id) && control.planned !== undefined ? [id] : [],
  )
  expect(arrived).toEqual([])
})

test('no test cites a control that does not exist', () => {
  const unknown = [...citations()].filter(([id]) => controls[id] === undefined)
  expect(unknown).toEqual([])
})
