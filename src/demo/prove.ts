/**
 * The end of the story: everything about the waiver goes into one file, and the file is checked as an auditor would check
 * it, with nothing but a key. Then one letter is changed. Nothing is shown that was not really checked.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Client } from '../client/index.ts'
import { called } from '../lib/called.ts'
import { parseVerifierKey } from '../log/index.ts'
import { type BundleVerdict, spellBundle, verifyBundle } from '../proof/index.ts'
import type { Stage } from './terminal.ts'

export interface Proving {
  readonly stage: Stage
  /** Of somebody who may see all that is in it. */
  readonly client: Client
  readonly waiver: string
  readonly publicUrl: string
  readonly folder: string
}

/** @returns how to check it again. */
export async function prove({ stage, client, waiver, publicUrl, folder }: Proving): Promise<string> {
  stage.scene(
    'The proof, for somebody who trusts none of this',
    'One file with events, facts, rules and signatures. Checking it needs no server: a key, and the same decisions made again.',
  )
  const answer = await client.bundle(waiver)
  if (!answer.ok) throw new Error(`${answer.problem.code}: ${answer.problem.detail}`)
  const file = join(folder, 'waiver.bundle.json')
  await writeFile(file, spellBundle(answer.value), { mode: 0o600 })
  const key = (await (await fetch(`${publicUrl}/log/key`)).text()).trim()
  const text = await readFile(file, 'utf8')
  const trust = { keys: [parseVerifierKey(key)], witnesses: [] }
  const verdict = await verifyBundle(text, trust)
  for (const { name, detail } of verdict.steps) stage.note(`✔ ${name.padEnd(11)} ${detail}`)
  if (verdict.outcome !== 'proven') throw new Error(`the bundle is ${verdict.outcome}`)
  stage.done(`proven: all ${verdict.acts?.length} acts are in the log, and follow from what was recorded with them`)
  await bend(stage, text, trust)
  return `${called} verify ${relative('.', file)} --key ${key}`
}

/** As if somebody had touched the record afterwards. */
async function bend(stage: Stage, text: string, trust: Parameters<typeof verifyBundle>[1]): Promise<void> {
  const bent = text.replaceAll('scope and time fit the incident', 'scope and time fit the accident')
  const verdict: BundleVerdict = await verifyBundle(bent, trust)
  const found = verdict.steps.find(({ outcome }) => outcome === 'disproven')
  if (bent === text || found === undefined) throw new Error('two letters were changed and nobody noticed')
  stage.refused('Two letters of the review changed', `leaf ${found.index} does not hold`, [found.detail])
}
