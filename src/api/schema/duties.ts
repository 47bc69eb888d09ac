/** Conflicts of duties as they are shown: who holds one today, what makes it, who answers for it, and what would end it. */
import { z } from 'zod'
import { pathStep } from './conflict.ts'
import { count, freeText, idOut, instantOut, limit, listOut, names, nodeId, ruleId, said, yesOrNo } from './text.ts'

const severity = z.enum(['critical', 'high', 'medium', 'low']).meta({ description: 'How bad it is.' })
const entitlement = (description: string) => idOut(description, 'sys_erp/vendors-write')
const entitlementName = z
  .string()
  .regex(/^sys_[A-Za-z0-9][A-Za-z0-9._:@+-]{0,190}\/[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,300}$/u, {
    error: 'expected a system and an entitlement such as `sys_erp/vendors-write`',
  })
  .meta({ description: 'An entitlement of a system.', examples: ['sys_erp/vendors-write'] })

const side = z
  .object({
    function: idOut('The function of the rule.', 'vendor-master'),
    name: said('Its name.'),
    through: listOut(
      z
        .object({
          entitlement: entitlement('What is held.'),
          path: listOut(z.string(), 'From it to the entitlement inside it that holds the function.'),
          duties: listOut(z.string(), 'Its duties that count.'),
        })
        .meta({ description: 'One way to hold it.' }),
      'Each of these alone holds the function.',
    ),
  })
  .meta({ id: 'DutySide', description: 'One function of a rule that somebody holds.' })

const broken = {
  holder: idOut('Who.', 'per_maria'),
  rule: idOut('The rule.', 'vendor-and-payment'),
  name: said('Its name.'),
  severity,
  sides: listOut(side, 'The functions that are held, and through what.'),
}

const added = z.object(broken).meta({ id: 'DutyConflict', description: 'A rule that is or would be broken.' })

const whyNot = z
  .enum([
    'not-begun',
    'ended',
    'time-unreadable',
    'control-not-accepted',
    'control-not-kept',
    'control-owner-is-holder',
    'other-access',
  ])
  .meta({ description: 'Why it covers nothing.' })

const conflictRow = z
  .object({
    ...broken,
    coveredBy: listOut(z.string(), 'Waivers and mitigations that answer for it.'),
    notCoveredBy: listOut(
      z.object({ id: said('The waiver or mitigation.'), why: whyNot }).meta({ description: 'One that does not.' }),
      'Those that would cover it and do not.',
    ),
  })
  .meta({ id: 'HeldConflict', description: 'A conflict that somebody holds today.' })

const cover = z
  .object({
    id: said('The waiver or mitigation.'),
    holder: idOut('Whose.', 'per_maria'),
    rule: idOut('Of which rule.', 'vendor-and-payment'),
    from: instantOut,
    until: instantOut,
  })
  .meta({ description: 'A cover.' })

export const dutiesQuery = z
  .strictObject({
    rule: ruleId('a duty rule', 'vendor-and-payment').exactOptional(),
    holder: nodeId.exactOptional(),
    uncovered: yesOrNo('Only conflicts that nothing covers.').default('false'),
    limit: limit(100, 1_000),
  })
  .meta({ description: 'Which conflicts.' })

export const duties = z
  .object({
    at: instantOut,
    holders: count('People and workloads that hold anything.'),
    assignments: count('Pairs of a holder and an entitlement.'),
    rules: count('Rules about what is held.'),
    totals: z
      .object({
        conflicts: count('Pairs of a holder and a rule they break.'),
        holders: count('Holders of a conflict.'),
        covered: count('Conflicts that a waiver or a mitigation answers for.'),
        uncovered: count('Conflicts that nothing covers.'),
      })
      .meta({ description: 'Of everybody the caller may see.' }),
    severities: listOut(
      z
        .object({ severity, conflicts: count('Conflicts.'), holders: count('Holders.') })
        .meta({ description: 'One severity.' }),
      'Worst first.',
    ),
    byRule: listOut(
      z
        .object({
          rule: idOut('The rule.', 'vendor-and-payment'),
          name: said('Its name.'),
          severity,
          holders: count('Who break it.'),
          uncovered: count('Of these, covered by nothing.'),
        })
        .meta({ description: 'One rule.' }),
      'Rules that somebody breaks, most holders first.',
    ),
    conflicts: listOut(conflictRow, 'Uncovered ones first, then the worst.'),
    conflictsLeft: count('Those beyond the rows shown.'),
    alone: listOut(
      z
        .object({ entitlement: entitlement('What.'), rules: listOut(z.string(), 'What it breaks.') })
        .meta({ description: 'One entitlement.' }),
      'Entitlements that break a rule all by themselves.',
    ),
    idle: listOut(cover, 'Waivers and mitigations of something that nobody breaks.'),
    undescribed: listOut(
      z
        .object({ entitlement: entitlement('What.'), holdersCount: count('Who hold it.') })
        .meta({ description: 'One entitlement.' }),
      'Held, and described by no rule: it may hide a conflict.',
    ),
    names,
  })
  .meta({ id: 'Duties', description: 'Who holds a conflict of duties today.' })

const origin = z
  .discriminatedUnion('kind', [
    z
      .object({
        kind: z.literal('directory').meta({ description: 'Standing access.' }),
        statedFor: idOut('The person, team or workload it is stated for.', 'team_payments'),
        path: listOut(pathStep, 'From the holder there; empty when it is they themselves.'),
        source: said('Which source says so.'),
        revision: said('At which revision.'),
      })
      .meta({ description: 'By the directory.' }),
    z
      .object({
        kind: z.literal('waiver').meta({ description: 'Access on time.' }),
        waiver: idOut('The waiver.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
        beneficiary: idOut('For whom it was asked.', 'per_maria'),
        until: instantOut,
      })
      .meta({ description: 'By a waiver.' }),
  ])
  .meta({ id: 'DutyOrigin', description: 'How somebody comes to hold an entitlement.' })

export const holderPath = z.strictObject({ holder: nodeId }).meta({ description: 'Whose.' })
export const holderQuery = z
  .strictObject({
    adding: z
      .union([entitlementName, z.array(entitlementName).max(20)])
      .exactOptional()
      .meta({ description: 'Also say what holding these as well would add. May be repeated.' }),
  })
  .meta({ description: 'What else to say.' })

export const dutyHolder = z
  .object({
    holder: idOut('Whose.', 'per_maria'),
    entitlements: listOut(z.string(), 'Everything they hold.'),
    conflicts: listOut(conflictRow, 'Every conflict they hold.'),
    origins: listOut(
      z
        .object({ entitlement: entitlement('What.'), by: listOut(origin, 'Every way.') })
        .meta({ description: 'One entitlement.' }),
      'How they come to hold what takes part in a conflict.',
    ),
    fix: z
      .object({
        holder: idOut('Whose.', 'per_maria'),
        drop: listOut(z.string(), 'Without all of these no conflict is left.'),
        smallest: z.boolean().meta({ description: 'False: a smaller set may exist.' }),
      })
      .optional()
      .meta({ description: 'The least they must give up.' }),
    adds: z
      .object({
        breaks: listOut(added, 'Rules that would come to be broken.'),
        joins: listOut(added, 'Rules that are broken already, and would be by one more way.'),
        held: listOut(z.string(), 'Held already.'),
        undescribed: listOut(z.string(), 'Described by no rule: what it would add is not known.'),
      })
      .optional()
      .meta({ description: 'What more access would add.' }),
    names,
  })
  .meta({ id: 'DutyHolder', description: 'One holder, looked at closely.' })

export const fixesQuery = z
  .strictObject({
    uncovered: yesOrNo('Only for conflicts that nothing covers.').default('true'),
    limit: limit(20, 200),
    drops: limit(20, 1_000).meta({ description: 'How many assignments the plan may take away; 1 to 1000.' }),
  })
  .meta({ description: 'What to look for.' })

export const fixes = z
  .object({
    conflictsCount: count('Conflicts that were asked about.'),
    stubbornCount: count('Those that no single drop ends, since every side is held in several ways.'),
    assignments: listOut(
      z
        .object({
          holder: idOut('From whom.', 'per_maria'),
          entitlement: entitlement('What.'),
          resolves: listOut(z.string(), 'Rules it ends.'),
        })
        .meta({ description: 'One drop.' }),
      'Single assignments, those that end most first.',
    ),
    entitlements: listOut(
      z
        .object({
          entitlement: entitlement('What.'),
          holdersCount: count('From how many.'),
          resolvesCount: count('How many conflicts that ends.'),
        })
        .meta({ description: 'One entitlement, taken from everybody whom it costs a conflict.' }),
      'Those that end most first.',
    ),
    plan: z
      .object({
        steps: listOut(
          z
            .object({
              holder: idOut('From whom.', 'per_maria'),
              drop: listOut(z.string(), 'What, together.'),
              resolves: listOut(z.string(), 'Rules it ends.'),
            })
            .meta({ description: 'One step.' }),
          'In the order that ends most soonest.',
        ),
        dropsCount: count('Assignments taken away.'),
        resolvedCount: count('Conflicts ended.'),
        remainingCount: count('Conflicts left.'),
      })
      .meta({ description: 'Within the number of drops that was asked for; greedy across holders.' }),
    names,
  })
  .meta({ id: 'DutyFixes', description: 'What to take away from whom. Nothing of it is done.' })

const mitigation = z
  .object({
    id: ruleId('a mitigation', 'maria-recount'),
    holder: idOut('Who holds the conflict.', 'per_maria'),
    rule: idOut('Of which rule.', 'vendor-and-payment'),
    control: idOut('The compensating control.', 'payment-recount'),
    owner: idOut('Who answers for it.', 'per_otto'),
    from: instantOut,
    until: instantOut,
    everySeconds: count('Evidence is due this often.'),
    evidencedAt: instantOut.optional().meta({ description: 'When evidence last came.' }),
    dueAt: instantOut.optional().meta({ description: 'When the next is due; from then on it covers nothing.' }),
  })
  .meta({ id: 'Mitigation', description: 'A compensating control over a conflict that is held for longer.' })

export const mitigations = z
  .object({ mitigations: listOut(mitigation, 'Of the policy in force.'), names })
  .meta({ id: 'Mitigations', description: 'Conflicts that are tolerated under a control, for a time.' })

export const mitigationPath = z
  .strictObject({ mitigation: ruleId('a mitigation', 'maria-recount') })
  .meta({ description: 'Which mitigation.' })
export const mitigationEvidence = z
  .strictObject({ note: freeText('What was done, and where that can be seen.') })
  .meta({ id: 'MitigationEvidence', description: 'The control was kept.' })
export const mitigationEvidenced = z
  .object({
    mitigation,
    replayed: z.boolean().meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
    names,
  })
  .meta({ id: 'MitigationEvidenced', description: 'The mitigation, with its last evidence.' })

export type DutiesQuery = z.input<typeof dutiesQuery>
export type DutiesView = z.output<typeof duties>
export type DutyHolderQuery = z.input<typeof holderQuery>
export type DutyHolderView = z.output<typeof dutyHolder>
export type DutyFixesQuery = z.input<typeof fixesQuery>
export type DutyFixesView = z.output<typeof fixes>
export type MitigationView = z.output<typeof mitigation>
export type MitigationsView = z.output<typeof mitigations>
export type MitigationEvidence = z.input<typeof mitigationEvidence>
export type MitigationEvidenced = z.output<typeof mitigationEvidenced>
