/** Does every act follow from what was recorded with it? The facts of the bundle, handed to the one recomputation there is. */
import { compileDirectory, refreshed } from '../../core/compile.ts'
import type { DirectoryFacts } from '../../core/directory.ts'
import type { Policy } from '../../core/policy.ts'
import type { JudgeGuardrails } from '../../core/runtime.ts'
import type { Circumstances } from '../circumstances.ts'
import { gather, isRoot, PartMissing } from '../parts/index.ts'
import { recompute, type Why } from '../recompute.ts'
import { enrolmentsStream } from './enrolments.ts'
import type { Bundle, BundledEvent } from './form.ts'
import { contentsIn, type InForce } from './rests-on.ts'
import { type BundleStep, Disproof, incomplete, proven } from './steps.ts'

export async function decideAgain(
  { waiver, events, revisions }: Bundle,
  { rules }: InForce,
  enrolments: ReadonlyMap<string, readonly BundledEvent[]>,
  guardrails: JudgeGuardrails | undefined,
): Promise<Why> {
  const compiled = new Map<string, ReturnType<typeof compileDirectory>>()
  const contentOf = (digest: string) => revisions[digest]
  return recompute(waiver, events, {
    async directory(digest, freshness) {
      const content = contentOf(digest)
      if (content === undefined) return undefined
      const facts = compiled.has(digest) ? undefined : await factsOf(content, revisions)
      const directory = compiled.get(digest) ?? (facts && compileDirectory(facts))
      if (directory === undefined) return undefined
      compiled.set(digest, directory)
      return refreshed(directory, freshness)
    },
    policy: async (digest) => contentOf(digest) as Policy | undefined,
    circumstances: async (digest) => contentOf(digest) as Circumstances | undefined,
    inForce: new Set(rules.keys()),
    enrolments: async (person) => enrolments.get(enrolmentsStream(person)),
    ...(guardrails === undefined ? {} : { guardrails }),
  })
}

/** @returns nothing where a part of them is not in the bundle */
export async function factsOf(content: unknown, revisions: Bundle['revisions']): Promise<DirectoryFacts | undefined> {
  if (!isRoot(content)) return content as DirectoryFacts
  try {
    return (await gather(content, contentsIn(revisions))) as DirectoryFacts
  } catch (error) {
    if (error instanceof PartMissing) return undefined
    throw error
  }
}

export function decisionsStep({ acts }: Why, { events }: Bundle): BundleStep {
  const wrong = acts.find(({ follows }) => follows === 'no')
  if (wrong !== undefined) {
    const index = events.find(({ id }) => id === wrong.event)?.index
    throw new Disproof(`\`${wrong.event}\`: ${wrong.detail}`, index)
  }
  const unknown = acts.filter(({ follows }) => follows === 'unknown')
  const [first] = unknown
  if (first === undefined) return proven('decisions', `${acts.length} acts were decided again, with the same result`)
  return incomplete('decisions', `${unknown.length} of ${acts.length} acts cannot be decided again: ${first.detail}`)
}
