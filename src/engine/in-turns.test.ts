import { expect, test } from 'vitest'
import { bigDirectory, noon } from '../../test/support/directories.ts'
import { compileDirectory, compileSteps } from '../core/compile.ts'
import { emptyDirectory } from '../core/directory.ts'
import { applySource, applySteps } from '../core/merge.ts'
import { digestOfLarge } from '../proof/parts/index.ts'
import { inTurns } from './in-turns.ts'

const { facts } = bigDirectory({ people: 5_000, workloads: 100_000, seed: 5, now: Date.parse(noon) })
const [source = { id: 'hr', revision: '1', observedAt: noon, staleAfterSeconds: 86_400 }] = facts.sources
const { nodes, relations, shifts } = facts
const snapshot = { source, nodes, relations, shifts }

/** How often somebody else had their turn meanwhile. */
async function turnsDuring<Value>(work: Promise<Value>): Promise<{ readonly turns: number; readonly value: Value }> {
  let turns = 0
  let isOver = false
  const others = () => {
    turns++
    if (!isOver) setImmediate(others)
  }
  setImmediate(others)
  const value = await work
  isOver = true
  return { turns, value }
}

test('[agent/runtime-check] a large directory is merged and compiled while others have their turns, and comes out the same', async () => {
  const merged = await turnsDuring(inTurns(applySteps(emptyDirectory, snapshot, noon, 400)))
  expect(merged.turns).toBeGreaterThan(10)
  expect(digestOfLarge(merged.value)).toBe(digestOfLarge(applySource(emptyDirectory, snapshot, noon, 400)))
  const compiled = await turnsDuring(inTurns(compileSteps(merged.value)))
  expect(compiled.turns).toBeGreaterThan(20)
  expect(compiled.value.graph).toEqual(compileDirectory(merged.value).graph)
})
