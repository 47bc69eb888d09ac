/** Is every control mutated, and is what is to be taken out still there? Whether it is noticed, `npm run mutate` sees. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { controls } from '../controls.ts'
import { mutations } from './mutations.ts'

test('the table of docs/testing.md knows each that has a control', () => {
  const text = readFileSync('docs/testing.md', 'utf8')
  const unknown = mutations.filter(({ control, without }) => !text.includes(`| \`${control}\` | ${without} |`))
  expect(unknown.filter(({ control }) => control !== undefined)).toEqual([])
})

test('every control has a rule that is taken out', () => {
  const mutated = new Set(mutations.map(({ control }) => control))
  expect(Object.keys(controls).filter((id) => !mutated.has(id))).toEqual([])
  expect([...mutated].filter((id) => id !== undefined && controls[id] === undefined)).toEqual([])
})

test.each(mutations)('it is there once: $without ($file)', ({ file, search, replace, tests }) => {
  expect(readFileSync(file, 'utf8').split(search).length - 1).toBe(1)
  expect(replace).not.toBe(search)
  expect(tests.filter((path) => !existsSync(path))).toEqual([])
})

/** In test names or in the names of contracts that are run under them. */
test('the tests that must notice cite the control', () => {
  const silent = mutations.filter(
    ({ control, tests }) =>
      control !== undefined && !tests.some((path) => readFileSync(path, 'utf8').includes(`[${control}]`)),
  )
  expect(silent.map(({ control, without }) => `${control}: ${without}`)).toEqual([])
})
