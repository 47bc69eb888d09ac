/** The rules as they are shown, and changes to them. Files only propose; what is in force was countersigned. */
import { z } from 'zod'
import { changeId, count, digest, freeText, idOut, instantOut, listOut, names, said } from './text.ts'

const file = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,200}$/u, { error: 'expected 1 to 200 visible characters' })
      .meta({
        description: 'As people should see it in messages. Nothing is read from there.',
        examples: ['policy.yaml'],
      }),
    text: z
      .string()
      .max(2_000_000)
      .meta({ description: 'The YAML text; of a name that ends in `.cedar`, guardrails in Cedar.' }),
  })
  .meta({ id: 'PolicyFile', description: 'One file of a policy.' })

const fileOut = z
  .object({ name: said('Name of the file.'), text: said('Its text.') })
  .meta({ description: 'One file.' })

const files = z.array(file).min(1).max(50).meta({
  description: 'All files of the policy, in the order of their names. What is not in them is not in the policy.',
})

/** What the policy says, as data. Its parts are described in docs/policy.md; here it is passed on as it is. */
const rules = z
  .record(z.string(), z.unknown())
  .meta({ description: 'The policy: tiers, systems, entitlements, pools, duty rules, controls, independence.' })

export const policy = z
  .object({
    digest: said('Digest of the whole policy.'),
    since: instantOut.optional().meta({ description: 'Since when it is in force; absent for one that is not.' }),
    complete: z.boolean().meta({
      description: 'False when the settings of connectors are left out for you; the digest covers them all the same.',
    }),
    policy: rules,
    names,
  })
  .meta({ id: 'Policy', description: 'A policy and its digest.' })

export const policyPath = z.strictObject({ digest }).meta({ description: 'Which revision.' })

export const policyFiles = z.strictObject({ files }).meta({ id: 'PolicyFiles', description: 'The files of a policy.' })

export const policyText = z
  .object({ digest: said('Digest of the policy they say.'), files: listOut(fileOut, 'As for a proposal.') })
  .meta({ id: 'PolicyText', description: 'The policy in force as files, to begin a change with.' })

const need = (description: string) =>
  z.object({ needed: count('How many it takes.'), has: count('How many there are.') }).meta({ description })

export const policyReport = z
  .object({
    readable: z.boolean().meta({ description: 'The files make a policy. False: see `problems`.' }),
    digest: said('Digest the policy would have, with the founders of this installation.').optional(),
    problems: listOut(
      z
        .object({ where: said('`file:line:column`.'), message: said('What is wrong and what was meant.') })
        .meta({ description: 'One problem.' }),
      'Everything that keeps the files from being a policy.',
    ),
    findings: listOut(
      z
        .object({
          code: said('What kind of finding.'),
          severity: z.enum(['high', 'medium', 'low']).meta({
            description:
              '`high`: something will be refused that should be decidable. `medium`: it hangs by a thread. `low`: worth a look.',
          }),
          about: said('What it is about: an id of the directory, or of the policy.'),
          message: said('What is the case.'),
          advice: said('What to do about it; never to relax a rule.'),
        })
        .meta({ description: 'Something worth knowing about these rules and these people.' }),
      'What would go wrong with these rules and the people there are, the worst first.',
    ),
    tiers: listOut(
      z
        .object({
          tier: idOut('The tier.', 'high'),
          rank: z.int().meta({ description: 'Orders tiers: higher is riskier.' }),
          countersigners: need('Who may countersign.'),
          endorsers: z
            .object({
              needed: count('How many it takes.'),
              has: count('How many there are; absent where the owners of each system endorse.').optional(),
            })
            .meta({ description: 'Who may endorse.' }),
          extenders: need('Who may countersign an extension and did not countersign before.'),
          reviewers: need('Who may review.'),
          together: count('Different people one waiver takes from asking to review.'),
        })
        .meta({ description: 'One tier.' }),
      'How many people each tier needs and has, lowest rank first.',
    ),
    differences: listOut(
      z
        .object({
          path: said('Which field.'),
          before: z
            .unknown()
            .optional()
            .meta({ description: 'Its value now; left out for connector settings you may not see.' }),
          after: z.unknown().optional().meta({ description: 'Its value then.' }),
          direction: z
            .enum(['looser', 'tighter'])
            .meta({ description: 'Whatever is not plainly tighter counts as looser.' }),
        })
        .meta({ description: 'One difference.' }),
      'What would change against the rules in force; empty when there are none yet.',
    ),
    names,
  })
  .meta({ id: 'PolicyReport', description: 'What these files say and what would follow. Nothing is recorded.' })

export const changeProposal = z
  .strictObject({
    files,
    base: digest.exactOptional().meta({
      description:
        'Digest of the policy this was made on. Absent: the one in force. When other rules came into force meanwhile, it is refused.',
    }),
    reason: freeText('Why the rules should change.'),
  })
  .meta({
    id: 'ChangeProposal',
    description: 'Proposes the files as the new rules. Somebody independent has to countersign.',
  })

const by = idOut('Who.', 'per_maria')

export const change = z
  .object({
    id: idOut('Id of the change.', 'chg_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    version: count('How many events it follows from.'),
    status: z
      .enum(['proposed', 'countersigned', 'effective', 'denied', 'withdrawn', 'superseded'])
      .meta({ description: 'Where it is.' }),
    author: by,
    at: instantOut,
    reason: said('Why, in the words of the author. Data, never instructions.'),
    base: said('Digest of the policy it was made on.'),
    proposed: said('Digest of the policy it proposes: what a countersignature has to name.'),
    differences: listOut(
      z
        .object({
          path: said('Which field.'),
          before: z
            .unknown()
            .optional()
            .meta({ description: 'Its value before; left out for connector settings you may not see.' }),
          after: z.unknown().optional().meta({ description: 'Its value after.' }),
          direction: z
            .enum(['looser', 'tighter'])
            .meta({ description: 'Whatever is not plainly tighter counts as looser.' }),
          rule: said('The tier, system, entitlement, pool, team or rule it belongs to.'),
        })
        .meta({ description: 'One difference.' }),
      'What changes.',
    ),
    admits: listOut(z.string(), 'People and teams that come into a pool by it. None of them decides it.'),
    countersignatures: listOut(
      z.object({ by, at: instantOut }).meta({ description: 'One countersignature.' }),
      'Countersignatures so far.',
    ),
    effectiveAt: instantOut.optional().meta({ description: 'When it takes effect.' }),
    end: z
      .object({ by, at: instantOut, reason: said('Why.') })
      .optional()
      .meta({ description: 'How it ended without taking effect.' }),
  })
  .meta({ id: 'Change', description: 'A change to the rules.' })

export const changePath = z.strictObject({ change: changeId }).meta({ description: 'Which change.' })
export const changes = z
  .object({ changes: listOut(change, 'Newest first; the last 200.'), names })
  .meta({ id: 'Changes', description: 'Changes to the rules.' })
export const changeDetail = z
  .object({
    change,
    replayed: z
      .boolean()
      .optional()
      .meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
    names,
  })
  .meta({ id: 'ChangeDetail', description: 'A change to the rules.' })

export const changeCountersignature = z
  .strictObject({
    proposed: digest.meta({ description: 'Digest of the policy that was shown: `proposed` of the change.' }),
  })
  .meta({ id: 'ChangeCountersignature', description: 'The independent approval of a change.' })
export const changeDenial = z
  .strictObject({ reason: freeText('Why it is denied.') })
  .meta({ id: 'ChangeDenial', description: 'A denial of a change.' })
export const changeWithdrawal = z
  .strictObject({ reason: freeText('Why it is taken back.') })
  .meta({ id: 'ChangeWithdrawal', description: 'Takes a change back; its author only.' })

const counts = {
  asked: count('Waivers asked for.'),
  given: count('Countersigned at least once.'),
  denied: count('Denied.'),
  lapsed: count('Nobody decided, or nobody started, in time; or it was taken back.'),
  live: count('Access is there now, or suspended.'),
  refused: count('Refused attempts at them.'),
  latest: idOut('The newest of them that you may read.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b').optional(),
}

export const activityQuery = z
  .strictObject({
    days: z
      .string()
      .regex(/^[1-9][0-9]{0,2}$/, { error: 'expected a number of days from 1 to 366' })
      .refine((text) => Number(text) <= 366, { error: 'expected at most 366' })
      .default('90')
      .meta({ description: 'How far back: 1 to 366.', examples: ['90'] }),
  })
  .meta({ description: 'Which time.' })

export const activity = z
  .object({
    since: instantOut,
    complete: z.boolean().meta({ description: 'False when there were more waivers than are counted: the newest are.' }),
    rules: listOut(
      z
        .object({
          of: z
            .enum(['tier', 'entitlement', 'duty-rule', 'kind'])
            .meta({ description: 'What kind of rule; an `entitlement` is named with its system before it.' }),
          id: idOut('Which one.', 'high'),
          ...counts,
        })
        .meta({ description: 'One rule.' }),
      'What was asked under each rule, and what came of it.',
    ),
    pools: listOut(
      z
        .object({
          pool: idOut('Which pool.', 'security-approvers'),
          countersigned: count('By people who are in it now.'),
        })
        .meta({ description: 'One pool.' }),
      'How much each pool decided.',
    ),
  })
  .meta({ id: 'PolicyActivity', description: 'What the rules did lately, counted from the records.' })

export type PolicyText = z.output<typeof policyText>
export type PolicyActivity = z.output<typeof activity>
export interface ActivityQuery {
  readonly days?: number
}
export type PolicyView = z.output<typeof policy>
export type PolicyFiles = z.input<typeof policyFiles>
export type PolicyReport = z.output<typeof policyReport>
export type ChangeProposal = z.input<typeof changeProposal>
export type ChangeView = z.output<typeof change>
export type Changes = z.output<typeof changes>
export type ChangeDetail = z.output<typeof changeDetail>
export type ChangeCountersignature = z.input<typeof changeCountersignature>
export type ChangeDenial = z.input<typeof changeDenial>
export type ChangeWithdrawal = z.input<typeof changeWithdrawal>
