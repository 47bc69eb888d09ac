/** Drift and habit as they are shown: what is live on targets and should not be, what waivers come to, and how much is known. */
import { z } from 'zod'
import { driftKinds } from '../../core/drift.ts'
import { conflict } from './conflict.ts'
import { count, freeText, idOut, instantOut, limit, listOut, names, said, seconds, systemId } from './text.ts'

const driftId = z
  .string()
  .regex(/^drf_[0-9a-z]{26}$/, { error: 'expected an id such as `drf_01k9m2v7c0q3xw8r5t6y4z1a2b`' })
  .meta({ description: 'Id of a finding; the same thing found again has the same one.' })

const kind = z.enum(driftKinds).meta({
  description:
    '`access-without-waiver`: on the target, and neither a live waiver nor the directory says so. `expiry-moved`: the target ends it later than the waiver, or never. `other-account`: an account the waiver does not name uses the grant. `changed-on-target`: what was given was changed there. `owner-left`: a workload has access and nobody owns it. `repeated-waivers`: the same again and again. `never-used`: given, and no use was seen.',
})

const reviewFinding = z
  .enum(['justified', 'not-justified', 'needs-follow-up'])
  .meta({ description: 'What whoever looked back on it found.' })

const finding = z
  .object({
    id: idOut('Id of the finding.', 'drf_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    kind,
    status: z.enum(['open', 'ended']).meta({ description: 'Whether it was there at the last good reading.' }),
    system: idOut('The target.', 'sys_ledger-db'),
    entitlement: idOut('What; absent: everything on the target.', 'ledger-write').optional(),
    account: said('The account on the target, byte by byte.').optional(),
    holder: idOut('Whose, where that is beyond doubt: a person, workload or rota.', 'per_maria').optional(),
    grant: idOut('The grant it is about.', 'grt_01k9m2v7c0q3xw8r5t6y4z1a2b').optional(),
    waivers: listOut(z.string(), 'Waivers it is about, newest first; at most 20.'),
    ways: listOut(z.string(), 'What the target said: ways by which the access is there, or what was changed. Data.'),
    wantedUntil: instantOut.optional().meta({ description: 'When it ends by the waiver.' }),
    seenUntil: said('When it ends by the target: an instant in UTC, or `never`.').optional(),
    waiversCount: count('How many waivers there were.').optional(),
    overDays: count('Within so many days.').optional(),
    says: said('What was found, in a sentence.'),
    advice: said('What one does about it, in a sentence.'),
    since: instantOut.meta({ description: 'When it was found.' }),
    seenAt: instantOut.optional().meta({ description: 'The last good reading that still showed it.' }),
    known: z.enum(['current', 'unknown']).meta({
      description: '`unknown`: its target could not be read since, so nobody knows whether it is still so.',
    }),
    timesCount: count('How often it has appeared.'),
    endedAt: instantOut.optional().meta({ description: 'When it was found to be over.' }),
    endedBecause: z.enum(['gone', 'covered', 'not-governed']).optional().meta({
      description:
        '`gone`: it is not there any more. `covered`: it is there, and a waiver or the directory says so now. `not-governed`: the policy no longer names the entitlement.',
    }),
    review: z
      .object({
        by: idOut('Who looked back on it.', 'per_rae'),
        at: instantOut,
        finding: reviewFinding,
        note: said('In their words.'),
      })
      .optional()
      .meta({ description: 'Of this appearance, by somebody independent of whom it is about.' }),
  })
  .meta({ id: 'DriftFinding', description: 'Something that drifted, or a habit.' })

const knowledge = z.enum(['current', 'partial', 'unknown']).meta({
  description:
    '`current`: read lately. `partial`: read, but not all of it. `unknown`: never read, not read lately, or the last attempt failed; then nothing is said about what is there now.',
})

const reading = {
  known: knowledge,
  readAt: instantOut.optional().meta({ description: 'The last good reading; absent: there never was one.' }),
  ageSeconds: seconds('How old that reading is.').optional(),
  triedAt: instantOut.optional().meta({ description: 'The last attempt.' }),
  nextAt: instantOut.optional().meta({ description: 'The next attempt.' }),
  failure: said('Why the last attempt failed, as the target or connector said it. Data.').optional(),
  openCount: count('Open findings, of those the caller may see.'),
}

const target = z
  .object({
    system: idOut('The target.', 'sys_ledger-db'),
    ...reading,
    holdingsCount: count('Ways of access that the last good reading showed.').optional(),
    unread: listOut(
      z
        .object({ entitlement: idOut('Which.', 'ledger-write'), reason: said('Why. Data.') })
        .meta({ description: 'One entitlement.' }),
      'Entitlements of which the target could not say who has them.',
    ),
  })
  .meta({ id: 'DriftTarget', description: 'How much is known of one target.' })

export const driftQuery = z
  .strictObject({
    status: z
      .enum(['open', 'ended', 'all'])
      .default('open')
      .meta({ description: 'Those that are open, that ended, or both.' }),
    system: systemId.exactOptional(),
    kind: kind.exactOptional(),
    after: driftId
      .meta({ description: 'Id of the last finding looked at before: `next` of the page before.' })
      .exactOptional(),
    limit: limit(100, 1_000),
  })
  .meta({ description: 'Which findings.' })

export const drift = z
  .object({
    at: instantOut,
    state: z.enum(['none', 'found', 'unknown']).meta({
      description:
        '`found`: something is open. `none`: everything was read lately and nothing is. `unknown`: nothing is open, and not everything could be read.',
    }),
    totals: z
      .object({
        open: count('Open findings.'),
        unreviewed: count('Open findings that nobody looked back on yet.'),
        targetsUnknown: count('Targets of which nothing is known right now.'),
        byKind: listOut(
          z.object({ kind, open: count('Open findings.') }).meta({ description: 'One kind.' }),
          'Every kind, also those without any.',
        ),
      })
      .meta({ description: 'Of what the caller may see.' }),
    targets: listOut(target, 'Every target of the policy in force that the caller may see.'),
    lookingBack: z
      .object(reading)
      .optional()
      .meta({ description: 'When waivers were last looked back on for habits.' }),
    findings: listOut(finding, 'Newest first.'),
    next: said('What to send as `after` for the next page; absent on the last one.').optional(),
    names,
  })
  .meta({ id: 'Drift', description: 'What drifted, and how much is known.' })

export const driftPath = z.strictObject({ finding: driftId }).meta({ description: 'Which finding.' })

export const driftDetail = z
  .object({
    finding,
    events: listOut(
      z
        .object({
          id: said('Id of the event.'),
          type: said('What happened.'),
          at: instantOut,
          by: idOut('Who; what is found is found by `sys_countersign`.', 'sys_countersign'),
        })
        .meta({ description: 'One record.' }),
      'Its records, the oldest first. Each is sealed like every other event.',
    ),
    standing: z
      .object({
        may: z.boolean().meta({ description: 'True when nothing known now speaks against your looking back on it.' }),
        because: said('The refusal code that would be the answer.').optional(),
        conflicts: listOut(conflict, 'Why you are not independent of it, with the path.').optional(),
      })
      .meta({ description: 'Whether you may look back on it. A hint: only the attempt itself decides.' }),
    replayed: z
      .boolean()
      .optional()
      .meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
    names,
  })
  .meta({ id: 'DriftDetail', description: 'A finding with its life.' })

export const driftReview = z
  .strictObject({ finding: reviewFinding, note: freeText('What was looked at, and what follows.') })
  .meta({ id: 'DriftReview', description: 'Somebody looks back on a finding.' })

export const driftReading = z
  .strictObject({ system: systemId.exactOptional() })
  .meta({ id: 'DriftReading', description: 'Which target shall be read now; absent: all of them, and habits.' })

export const driftReadingAsked = z
  .object({ readingsCount: count('How many readings begin now.') })
  .meta({ id: 'DriftReadingAsked', description: 'Readings that were brought forward. What they find is in the drift.' })

export const standingQuery = z
  .strictObject({ system: systemId.exactOptional(), limit: limit(100, 1_000) })
  .meta({ description: 'Of which target.' })

export const standing = z
  .object({
    standing: listOut(
      z
        .object({
          holder: idOut('For whom it is stated: a person, team or workload.', 'team_payments'),
          system: idOut('The target.', 'sys_ledger-db'),
          entitlement: idOut('What.', 'ledger-write'),
          source: said('Which source says so.'),
        })
        .meta({ description: 'One statement.' }),
      'Standing access to what waivers are asked for, by the word of the directory.',
    ),
    more: count('Those beyond the rows shown.'),
    names,
  })
  .meta({ id: 'StandingAccess', description: 'Who has for good what others ask for on time.' })

export type DriftQuery = z.input<typeof driftQuery>
export type DriftView = z.output<typeof drift>
export type DriftFindingView = z.output<typeof finding>
export type DriftTargetView = z.output<typeof target>
export type DriftDetail = z.output<typeof driftDetail>
export type DriftReview = z.input<typeof driftReview>
export type DriftReading = z.input<typeof driftReading>
export type DriftReadingAsked = z.output<typeof driftReadingAsked>
export type StandingQuery = z.input<typeof standingQuery>
export type StandingAccessView = z.output<typeof standing>
