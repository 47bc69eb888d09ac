/**
 * On what do the decisions rest, and is it here and what it is called? Content by its hash, rules and directories by the
 * events that put them into force. What is cited must be there, and what is there must be cited.
 */
import type { FactsReference } from '../../core/waiver.ts'
import { digestOf } from '../../lib/digest.ts'
import { isRoot, namesBelow, PartMissing, PartWrong, type ReadContents } from '../parts/index.ts'
import { directoryStream, foundingStream, putIntoForce } from '../rules-in-force.ts'
import type { Bundle, BundledEvent } from './form.ts'
import { type BundleStep, Disproof, incomplete, proven } from './steps.ts'

/** A revision that an act rested on. */
export interface Citation {
  readonly kind: 'directory' | 'policy' | 'circumstances'
  readonly digest: string
  readonly by: BundledEvent
}

export function citationsIn(events: readonly BundledEvent[]): Citation[] {
  return events.flatMap((by) => {
    const facts = by.body?.facts as FactsReference | undefined
    if (typeof facts !== 'object' || facts === null) return judgedIn(by)
    const rested = (['directory', 'policy', 'circumstances'] as const).flatMap((kind) =>
      typeof facts[kind] === 'string' ? [{ kind, digest: facts[kind], by }] : [],
    )
    return [...rested, ...judgedIn(by)]
  })
}

/** Uses rest on the rules and directories that guardrails judged them by. */
function judgedIn(by: BundledEvent): Citation[] {
  const lines: unknown = (by.body?.recorded as { lines?: unknown } | undefined)?.lines
  const found = (Array.isArray(lines) ? lines : []).flatMap((line: { judged?: Record<string, unknown> } | null) =>
    (['directory', 'policy'] as const).flatMap((kind) => {
      const digest = line?.judged?.[kind]
      return typeof digest === 'string' ? [{ kind, digest, by }] : []
    }),
  )
  return [...new Map(found.map((citation) => [`${citation.kind} ${citation.digest}`, citation])).values()]
}

/** @throws Disproof */
export async function factsStep({ revisions }: Bundle, citations: readonly Citation[]): Promise<BundleStep> {
  for (const [digest, content] of Object.entries(revisions)) {
    if (digestOf(content) !== digest) throw new Disproof(`\`${digest}\` does not have the content it is named after`)
  }
  const named = new Set(citations.map(({ digest }) => digest))
  for (const { kind, digest } of citations) {
    if (kind !== 'directory') continue
    for (const part of await partsOf(revisions[digest], revisions)) named.add(part)
  }
  const stranger = Object.keys(revisions).find((digest) => !named.has(digest))
  if (stranger !== undefined) throw new Disproof(`nothing rests on \`${stranger}\`, so nobody would check it`)
  const missing = new Set([...named].filter((digest) => revisions[digest] === undefined))
  const count = Object.keys(revisions).length
  if (missing.size === 0) return proven('facts', `${count} revisions have the content they are named after`)
  return incomplete('facts', `${[...missing].map((digest) => `\`${digest}\``).join(', ')} is not in the bundle`)
}

/** Names of all the parts, also of those that are not there, as far as what names them is. */
async function partsOf(content: unknown, revisions: Bundle['revisions']): Promise<readonly string[]> {
  if (!isRoot(content)) return []
  const names: string[] = []
  try {
    for await (const name of namesBelow(content, contentsIn(revisions))) names.push(name)
  } catch (error) {
    if (error instanceof PartWrong) throw new Disproof(error.message)
    if (!(error instanceof PartMissing)) throw error
  }
  return names
}

export function contentsIn(revisions: Bundle['revisions']): ReadContents {
  return async (digests) =>
    new Map(digests.filter((digest) => Object.hasOwn(revisions, digest)).map((digest) => [digest, revisions[digest]]))
}

/** Streams of enrolments are looked at in `enrolments.ts`. */
export const enrolmentsPrefix = 'pks_'

/** What the support shows, by digest: the leaves from which on something was in force. */
export interface InForce {
  readonly rules: ReadonlyMap<string, readonly bigint[]>
  readonly directories: ReadonlyMap<string, readonly bigint[]>
}

/** @throws Disproof for support that supports nothing */
export function inForce({ support }: Bundle, citations: readonly Citation[]): InForce {
  const [rules, directories] = [new Map<string, bigint[]>(), new Map<string, bigint[]>()]
  const cited = (kind: Citation['kind'], digest: string) =>
    citations.some((citation) => citation.kind === kind && citation.digest === digest)
  const rulesAndDirectories = support.filter(({ stream }) => !stream.startsWith(enrolmentsPrefix))
  for (const [stream, events] of Map.groupBy(rulesAndDirectories, (event) => event.stream)) {
    const effective = stream === directoryStream ? events.map(readDirectory) : [streamEffect(stream, events)]
    const [kind, found] =
      stream === directoryStream ? (['directory', directories] as const) : (['policy', rules] as const)
    for (const { digest, index } of effective) {
      if (!cited(kind, digest)) throw new Disproof('an event is in the bundle that supports nothing', String(index))
      found.set(digest, [...(found.get(digest) ?? []), index])
    }
  }
  return { rules, directories }
}

function readDirectory({ id, index, type, body }: BundledEvent) {
  if (type === 'DirectoryChanged' && typeof body?.digest === 'string') {
    return { digest: body.digest, index: BigInt(index) }
  }
  throw new Disproof(`\`${id}\` puts no directory into force`, index)
}

/** A whole stream of rules, up to the event that put them into force and not further. */
function streamEffect(stream: string, events: readonly BundledEvent[]) {
  const last = events.at(-1) as BundledEvent
  assertComplete(events)
  if (stream !== foundingStream && !stream.startsWith('chg_')) {
    throw new Disproof(`\`${stream}\` is nothing that puts rules into force`, last.index)
  }
  const effect = folded(events)
  if (effect?.event.itself !== last)
    throw new Disproof(`\`${stream}\` puts no rules into force with its last event`, last.index)
  return { digest: effect.digest, index: BigInt(last.index) }
}

/** Bodies are somebody else's: what the fold cannot read puts nothing into force. */
function folded(events: readonly BundledEvent[]) {
  if (events.some(({ body }) => body === undefined)) return undefined
  try {
    return putIntoForce(events.map((event) => ({ ...event, body: event.body as unknown, itself: event })))
  } catch {
    return undefined
  }
}

/** @throws Disproof unless versions go from 1 without a gap, and places in the log rise with them */
export function assertComplete(events: readonly BundledEvent[]): void {
  events.forEach((event, offset) => {
    const before = events[offset - 1]
    if (event.version !== offset + 1) {
      throw new Disproof(`version ${offset + 1} of \`${event.stream}\` is missing`, event.index)
    }
    if (before !== undefined && BigInt(before.index) >= BigInt(event.index)) {
      throw new Disproof(`\`${event.id}\` stands in the log before what it follows`, event.index)
    }
  })
}

export function forceStep(
  name: 'rules' | 'directory',
  since: ReadonlyMap<string, readonly bigint[]>,
  citations: readonly Citation[],
): BundleStep {
  const kind = name === 'rules' ? 'policy' : 'directory'
  const own = citations.filter((citation) => citation.kind === kind)
  for (const { digest, by } of own) {
    const places = since.get(digest)
    if (places === undefined) return incomplete(name, `what put \`${digest}\` into force is not in the bundle`)
    if (!places.some((place) => place < BigInt(by.index))) {
      throw new Disproof(`\`${by.id}\` rested on \`${digest}\` before it was in force`, by.index)
    }
  }
  const shown = [...since].map(([, places]) => `leaf ${places.join(', leaf ')}`)
  return proven(name, own.length === 0 ? 'nothing rested on any' : `in force since ${shown.join(' and ')}`)
}
