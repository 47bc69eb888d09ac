/**
 * Loaded into every Node of a run at another hour (`--import`). PostgreSQL is started with an environment that holds nothing
 * of ours, and would live at the real hour: it is given the clock of the run. Chromium stands still when only one of its two
 * clocks is another: it is given both.
 */
import childProcess, { type SpawnOptions } from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'

const { LD_PRELOAD, FAKETIME, FAKETIME_DONT_FAKE_MONOTONIC, NO_FAKE_STAT } = process.env
const clock = { LD_PRELOAD, FAKETIME, NO_FAKE_STAT }
const { spawn } = childProcess

function environmentOf(program: string, given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!/^chrom/.test(basename(program))) return { ...given, ...clock, FAKETIME_DONT_FAKE_MONOTONIC }
  const { FAKETIME_DONT_FAKE_MONOTONIC: _, ...rest } = given
  return { ...rest, ...clock }
}

function spawnAtThatHour(program: string, words: readonly string[], options: SpawnOptions = {}) {
  return spawn(program, words, { ...options, env: environmentOf(program, options.env ?? process.env) })
}

childProcess.spawn = spawnAtThatHour as typeof spawn
syncBuiltinESMExports()
