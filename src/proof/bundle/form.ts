/**
 * What is in a bundle: one waiver with everything somebody needs to check it alone. A closed form, in one spelling (members
 * sorted, two spaces, a newline at the end, as `jq -S .` writes it): a member that is not checked, a member that stands
 * there twice, or a bit that was turned anywhere makes it another text, and another text is not read.
 */
import { z } from 'zod'

export const bundleVersion = 'bundle/v1'

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const leafIndex = z.string().regex(/^(?:0|[1-9][0-9]{0,19})$/)
/** Decoded where it is used, and refused there in any but its canonical spelling. */
const base64 = z.string().max(1_000_000)
const hashes = z.array(base64).max(64)
const text = z.string().min(1).max(10_000)

/** An event and its leaf: what opens the leaf is the body with its salt, or its hash where the body was erased. */
const event = z.strictObject({
  index: leafIndex,
  id: text,
  stream: text,
  version: z.int().min(1),
  type: text,
  at: text,
  by: text,
  salt: base64.optional(),
  body: z.record(z.string(), z.unknown()).optional(),
  bodyHash: digest.optional(),
  inclusion: hashes,
})

const handover = z.strictObject({
  event,
  /** The first checkpoint that contains the event; `event.inclusion` leads to it. */
  checkpoint: text,
  /** From that checkpoint to the one of the bundle. */
  consistency: hashes,
})

export const bundleSchema = z.strictObject({
  countersign: z.literal(bundleVersion),
  waiver: text,
  log: z.strictObject({
    origin: text,
    /** Verifier key that signed the checkpoint, as the log says; worth nothing by itself. */
    key: text,
    witnesses: z.array(text).max(100),
    required: z.int().min(0).max(100),
  }),
  /** Signed note with cosignatures. */
  checkpoint: text,
  /** Every event of the waiver, in order. */
  events: z.array(event).min(1),
  /** Where the rules and directories that were cited came into force: founding, changes, imports. */
  support: z.array(event),
  /** Changes of the log's key, in order. */
  handovers: z.array(handover),
  /** Directories, rules and circumstances, by their digest. */
  revisions: z.record(digest, z.unknown()),
})

export type Bundle = z.output<typeof bundleSchema>
export type BundledEvent = Bundle['events'][number]
export type Handover = Bundle['handovers'][number]

/** The one text of a bundle. */
export function spellBundle(bundle: Bundle): string {
  return spelled(bundle)
}

/** @returns the bundle, or why the text is none. Never throws for what somebody else wrote. */
export function readBundle(given: string): { readonly bundle: Bundle } | { readonly wrong: string } {
  try {
    return readJson(JSON.parse(given) as unknown, given)
  } catch (error) {
    if (error instanceof SyntaxError) return { wrong: 'it is not JSON' }
    // Nobody nests that deeply but to break whoever reads it.
    if (error instanceof RangeError) return { wrong: 'it is nested too deeply' }
    throw error
  }
}

function readJson(value: unknown, given: string): { readonly bundle: Bundle } | { readonly wrong: string } {
  const read = bundleSchema.safeParse(value)
  if (!read.success) return { wrong: sentence(read.error.issues[0]) }
  if (!isWellFormed(value)) return { wrong: 'a text in it has half a character' }
  const line = firstDifference(given, spelled(value))
  if (line !== undefined) return { wrong: `line ${line} is not spelled as a bundle is; was it edited or formatted?` }
  return { bundle: read.data }
}

/** What cannot be written as UTF-8 cannot be hashed either. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, member]) => key.isWellFormed() && isWellFormed(member))
}

function spelled(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]))
}

function firstDifference(given: string, wanted: string): number | undefined {
  if (given === wanted) return undefined
  const [a, b] = [given.split('\n'), wanted.split('\n')]
  const at = a.findIndex((line, index) => line !== b[index])
  return (at < 0 ? a.length : at) + 1
}

function sentence(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'it has another form'
  const where = issue.path.length === 0 ? '' : `\`${issue.path.join('.')}\`: `
  if (issue.code === 'unrecognized_keys') {
    return `${where}${issue.keys.map((key) => `\`${key}\``).join(', ')} is a member that nobody checks`
  }
  return `${where}${issue.message}`
}
