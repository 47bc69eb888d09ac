/**
 * Checks a bundle with nothing but the bundle and what the verifier believes beforehand: no server, no clock, no file. Step
 * by step, so that a person can read what was shown, what was refuted and what is missing. It runs in a browser as well.
 */
import type { Outcome } from '../../log/index.ts'
import type { Recomputed, Why } from '../recompute.ts'
import { decideAgain, decisionsStep, factsOf } from './decisions.ts'
import { enrolmentsIn, signaturesStep, signedActs } from './enrolments.ts'
import { type Bundle, readBundle } from './form.ts'
import { assertLeaf, assertSaysTheSame } from './leaves.ts'
import { assertComplete, citationsIn, factsStep, forceStep, inForce } from './rests-on.ts'
import { type BundleStep, type BundleStepName, Disproof, disproven, incomplete, outcomeOf, proven } from './steps.ts'
import { type BundleTrust, checkpointStep, type Head, keyStep, keysOf, openHead, witnessStep } from './trust.ts'

export interface BundleVerdict {
  /** `disproven` if any step is, else `incomplete` if any step is. */
  readonly outcome: Outcome
  readonly steps: readonly BundleStep[]
  /** Who named the key that is believed. */
  readonly keyNamedBy: 'verifier' | 'bundle'
  readonly waiver?: string
  /** Of the log, as signed. */
  readonly head?: { readonly origin: string; readonly size: string }
  /** Every act, decided again; absent when it did not come to that. */
  readonly acts?: readonly Recomputed[]
  /** What became of the waiver by its last event in the bundle. */
  readonly status?: string
  /** What the directories in the bundle call people and things, by id. Data. */
  readonly names: Readonly<Record<string, string>>
}

/** Never throws for anything that stands in the bundle. */
export async function verifyBundle(text: string, trust: BundleTrust): Promise<BundleVerdict> {
  const keyNamedBy = trust.keys.length > 0 ? 'verifier' : 'bundle'
  const read = readBundle(text)
  if ('wrong' in read) {
    const steps = [disproven('form', new Disproof(read.wrong))]
    return { outcome: outcomeOf(steps), steps, keyNamedBy, names: {} }
  }
  const { bundle } = read
  const checked = await checkAll(bundle, trust)
  const { steps, head, why } = checked
  return {
    outcome: outcomeOf(steps),
    steps,
    keyNamedBy,
    waiver: bundle.waiver,
    names: why === undefined ? {} : await namesIn(bundle),
    ...(head && { head: { origin: head.checkpoint.origin, size: String(head.checkpoint.size) } }),
    ...(why && { acts: why.acts }),
    ...(why?.state && { status: why.state.status }),
  }
}

/** After the facts were read as such, and not before. */
async function namesIn({ events, revisions }: Bundle): Promise<Record<string, string>> {
  const directories = citationsIn(events).flatMap(({ kind, digest }) => (kind === 'directory' ? [digest] : []))
  const facts = await Promise.all([...new Set(directories)].map((digest) => factsOf(revisions[digest], revisions)))
  return Object.fromEntries(facts.flatMap((one) => one?.nodes ?? []).map(({ id, name }) => [id, name]))
}

interface Checked {
  readonly steps: readonly BundleStep[]
  readonly head?: Head
  readonly why?: Why
}

/** Ends with the first step that is refuted: what would follow rests on it. */
async function checkAll(bundle: Bundle, trust: BundleTrust): Promise<Checked> {
  const steps: BundleStep[] = [proven('form', `${bundle.events.length} events of \`${bundle.waiver}\``)]
  let at: BundleStepName = 'checkpoint'
  let head: Head | undefined
  let why: Why | undefined
  const take = async (name: BundleStepName, work: () => BundleStep | Promise<BundleStep>) => {
    at = name
    steps.push(await work())
  }
  try {
    const opened = openHead(bundle.checkpoint, bundle.log.origin)
    head = opened
    at = 'handover'
    const keys = await keysOf(bundle, opened)
    await take('key', () => keyStep(keys, trust))
    if (keys.length > 1) await take('handover', () => handoverStep(keys.length - 1))
    await take('checkpoint', () => checkpointStep(opened, keys.at(-1) as (typeof keys)[number]))
    await take('witnesses', () => witnessStep(opened, bundle, keys, trust))
    await take('leaves', () => leavesStep(bundle, opened))
    await take('order', () => orderStep(bundle))
    const citations = citationsIn(bundle.events)
    await take('facts', () => factsStep(bundle, citations))
    at = 'rules'
    const since = inForce(bundle, citations)
    await take('rules', () => forceStep('rules', since.rules, citations))
    await take('directory', () => forceStep('directory', since.directories, citations))
    at = 'signatures'
    const enrolments = enrolmentsIn(bundle)
    if (signedActs(bundle.events).length > 0) {
      await take('signatures', () => readable(() => signaturesStep(bundle, enrolments)))
    }
    await take('decisions', async () => {
      why = await readable(() => decideAgain(bundle, since, enrolments, trust.guardrails))
      return decisionsStep(why, bundle)
    })
  } catch (error) {
    if (!(error instanceof Disproof)) throw error
    steps.push(disproven(at, error))
  }
  return { steps, ...(head && { head }), ...(why && { why }) }
}

function handoverStep(count: number): BundleStep {
  return proven(
    'handover',
    `${count} ${count === 1 ? 'change' : 'changes'} of key, each in the log and signed by both keys`,
  )
}

function leavesStep(bundle: Bundle, { checkpoint }: Head): BundleStep {
  const all = [...bundle.events, ...bundle.support]
  for (const event of all) {
    assertLeaf(event, checkpoint)
    assertSaysTheSame(event)
  }
  const erased = bundle.events.filter(({ body }) => body === undefined)
  if (erased.length > 0) {
    return incomplete('leaves', `${all.length} leaves; of ${erased.length} the body was erased and cannot be shown`)
  }
  return proven('leaves', `${all.length} events are leaves of the log, with their bodies`)
}

function orderStep({ events, waiver }: Bundle): BundleStep {
  const stranger = events.find(({ stream }) => stream !== waiver)
  if (stranger !== undefined) throw new Disproof(`\`${stranger.id}\` is not of this waiver`, stranger.index)
  assertComplete(events)
  const last = events.at(-1)
  return proven(
    'order',
    `versions 1 to ${last?.version}, leaves ${events[0]?.index} to ${last?.index}; what came later is not in the bundle`,
  )
}

/** What was recorded is somebody else's: where the core cannot even read it, nothing follows from it. */
async function readable<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Disproof) throw error
    throw new Disproof(`what was recorded cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}
