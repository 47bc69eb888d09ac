/**
 * The small things that every request and answer is made of: ids, instants, durations, free text. Each says what it
 * expects in words, so that problems, forms and the published OpenAPI agree. Nothing is repaired silently.
 */
import { z } from 'zod'
import { reasonLengthMax } from '../../core/terms.ts'
import { parseInstant, secondsOf } from '../../core/time.ts'

const inertText = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), { error: 'expected well-formed text without NUL' })

/** What people write for people. Data wherever it goes: never markup, never instructions. */
export const freeText = (description: string) =>
  inertText(reasonLengthMax)
    .refine((text) => text.trim() !== '', { error: 'expected something to read' })
    .meta({
      description: `${description} At most ${reasonLengthMax} UTF-16 code units. Shown as text, never interpreted.`,
    })

/** A name on a target, compared byte by byte with what is there. */
export const exactName = z
  .string()
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,300}$/u, { error: 'expected 1 to 300 visible characters' })
  .refine((text) => text.trim() === text, { error: 'expected no spaces at the beginning or the end' })

export const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/, {
    error: 'expected an instant such as 2026-11-22T10:00:00Z',
    abort: true,
  })
  .refine((text) => parseInstant(text) !== undefined, { error: 'is no moment in the calendar' })

export const duration = z
  .string()
  .max(40)
  .regex(/^P(?=[0-9T])(?:[0-9]+W)?(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?$/, {
    error: 'expected an ISO 8601 duration such as PT4H, PT30M or P7D',
    abort: true,
  })
  .refine((text) => (secondsOf(text) ?? 0) > 0, { error: 'expected more than no time at all' })

/** An instant in an answer: UTC with milliseconds, from the clock of the database. */
export const instantOut = z
  .string()
  .meta({ description: 'Instant in UTC, from the clock of the database.', examples: ['2026-11-22T10:00:00.000Z'] })

const id = (pattern: RegExp, description: string, example: string) =>
  z
    .string()
    .regex(pattern, { error: `expected an id such as \`${example}\`` })
    .meta({ description, examples: [example] })

export const waiverId = id(
  /^wvr_[0-9a-z]{26}$/,
  'Id of a waiver; sorts by the time of asking.',
  'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b',
)
export const eventId = id(
  /^evt_[0-9a-z]{26}\.[1-9][0-9]{0,8}$/,
  'Id of a recorded event: its waiver and its version.',
  'evt_01k9m2v7c0q3xw8r5t6y4z1a2b.3',
)
export const grantId = id(/^grt_[0-9a-z]{26}$/, 'Id of a grant.', 'grt_01k9m2v7c0q3xw8r5t6y4z1a2b')
export const changeId = id(/^chg_[0-9a-z]{26}$/, 'Id of a change to the rules.', 'chg_01k9m2v7c0q3xw8r5t6y4z1a2b')
export const digest = id(
  /^sha256:[0-9a-f]{64}$/,
  'SHA-256 over canonical JSON (RFC 8785).',
  `sha256:${'3f'.repeat(32)}`,
)
export const nodeId = id(
  /^(?:per|acc|team|wl|sys|rota)_[A-Za-z0-9][A-Za-z0-9._:@+-]{0,190}$/,
  'Id in the directory: `per_` person, `acc_` account, `team_`, `wl_` workload, `sys_` system, `rota_`.',
  'per_maria',
)
export const personId = id(/^per_[A-Za-z0-9][A-Za-z0-9._:@+-]{0,190}$/, 'Id of a person.', 'per_maria')
export const systemId = id(/^sys_[A-Za-z0-9][A-Za-z0-9._:@+-]{0,190}$/, 'Id of a system.', 'sys_ledger-db')
/** Ids that the policy gives: entitlements, tiers, pools, controls, rules. */
export const ruleId = (what: string, example: string) =>
  id(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,95}$/, `Id of ${what} in the policy.`, example)

export const entitlementId = ruleId('an entitlement', 'ledger-write')
export const controlId = ruleId('a compensating control', 'session-recording')
export const tierId = ruleId('a tier', 'high')
export const poolId = ruleId('a pool', 'security-approvers')

/** Text inside an answer that comes from outside: a name, a reason, a message of a target. Data, never markup. */
export const said = (description: string) => z.string().meta({ description })

/** Ids in answers are what was recorded; they are not checked a second time on their way out. */
export const idOut = (description: string, example: string) => z.string().meta({ description, examples: [example] })

/** Answers carry lists that nobody may change; the words for people are the schema's. */
export const listOut = <Item extends z.ZodType>(item: Item, description: string) =>
  z.array(item).readonly().meta({ description })

export const count = (description: string) => z.int().min(0).meta({ description })
export const seconds = (description: string) => z.number().meta({ description: `${description} In seconds.` })

/** Names for the ids that occur in an answer, so that nobody has to ask for each. Whatever the directory says: data. */
export const names = z.record(z.string(), z.string()).meta({
  description: 'Names of the ids that occur in this answer, as the directory has them.',
  examples: [{ per_maria: 'Maria Oyelaran' }],
})

/** `?limit=`: text in an address, a number in the answer. */
export const limit = (byDefault: number, max: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/, { error: `expected a whole number from 1 to ${max}` })
    .refine((text) => Number(text) <= max, { error: `expected at most ${max}` })
    .default(String(byDefault))
    .meta({ description: `How many at most; 1 to ${max}.`, examples: [String(byDefault)] })

export const yesOrNo = (description: string) => z.enum(['true', 'false']).meta({ description })

/** Search words and references: visible text of at most 300 characters. */
export const reference = exactName.meta({
  description: 'Id of the incident, change or ticket, byte by byte.',
  examples: ['INC-4711'],
})

export const none = z.strictObject({}).meta({ description: 'Nothing.' })
