/** The demo: the sample organisation is raised, the whole story is played, and then it stays up to look around. */

import { resolve } from 'node:path'
import { called } from '../lib/called.ts'
import type { Cast } from './cast.ts'
import { type LeftOpen, leaveOpen } from './leave-open.ts'
import { prove } from './prove.ts'
import { raiseSample, type SampleOptions } from './raise.ts'
import { play } from './story.ts'
import { type Stage, stageOn } from './terminal.ts'

export { runAgentDemo } from './agent/run.ts'

export interface DemoOptions extends SampleOptions {
  /** Stops afterwards instead of staying up. */
  readonly exit: boolean
}

export async function runDemo(options: DemoOptions): Promise<void> {
  const stage = stageOn(process.stdout)
  const began = Date.now()
  stage.plain('Countersign: who may approve this exception, and was it really somebody outside?')
  stage.scene(
    'Everything is started',
    'Two PostgreSQL servers of their own, one for Countersign and one as the target; a sample sign-in.',
  )
  const sample = await raiseSample(options, stage)
  try {
    const { cast, target, as } = sample
    const waivers = await play({ stage, cast, target, pace: paceOf(sample.startMillis), as })
    const [waiver = ''] = waivers
    const { publicUrl } = sample
    const client = await as(cast.reviewer)
    const check = await prove({ stage, client, waiver, publicUrl, folder: resolve(options.folder) })
    const seconds = ((Date.now() - began) / 1000).toFixed(0)
    stage.plain('')
    stage.plain(
      `That was the whole life of a waiver, in ${seconds} seconds. Its proof can be checked without any of this:`,
    )
    stage.plain('')
    stage.plain(`  ${check}`)
    if (options.exit) return
    invite(stage, sample.publicUrl, waivers, cast, await leaveOpen(sample))
    await untilInterrupted()
  } finally {
    await sample.stop()
  }
}

/** Whoever took long to start needs longer windows: the two servers take less than three seconds on two idle cores. */
function paceOf(startMillis: number): number {
  return Math.min(6, Math.max(1, Math.ceil(startMillis / 4_000)))
}

function invite(
  stage: Stage,
  publicUrl: string,
  waivers: readonly string[],
  { asker, moved }: Cast,
  left: LeftOpen,
): void {
  const [first] = waivers
  stage.plain('')
  stage.plain(`Now you: open  ${publicUrl}  and choose whom to be.`)
  stage.plain('')
  stage.plain(`  as ${left.deciderName} (${left.decider.login}): two requests wait for somebody who stands outside`)
  if (moved !== undefined)
    stage.plain(`  as ${moved.login}, who left the asker's team a moment ago: the same two, and why not, with the path`)
  stage.plain('')
  stage.plain('It stays up until Ctrl-C. In another terminal:')
  stage.plain('')
  stage.plain(`  export COUNTERSIGN_URL=${publicUrl}`)
  stage.plain(`  ${called} login            # opens the sample sign-in; be ${asker.login}, or anybody else`)
  stage.plain(`  ${called} list`)
  stage.plain(`  ${called} show ${first}`)
  stage.plain(`  ${called} why ${first}`)
  stage.plain('')
  stage.plain(`  ${publicUrl}/docs              the HTTP API`)
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
