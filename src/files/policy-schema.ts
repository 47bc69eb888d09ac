/**
 * The shape of a policy file: every field, its default and what it is for. The same schema validates, documents and
 * becomes `schemas/policy.schema.json`. What spans several fields or files is checked in `policy-rules.ts`.
 */
import { z } from 'zod'
import { habitLimitsUsual } from '../core/policy.ts'
import {
  exactText,
  idText,
  listOf,
  mapOf,
  moment,
  nameText,
  referenceText,
  seconds,
  someSeconds,
  termsName,
} from './values.ts'

const references = (description: string) => listOf(referenceText).meta({ description })
const duration = (description: string) => someSeconds.meta({ description })

const extensionSchema = z
  .strictObject({
    countMax: z
      .int()
      .min(0)
      .max(100)
      .default(0)
      .meta({ description: 'How often a waiver may be extended. Default 0: never.' }),
    cumulativeMax: duration(
      'Longest access in total within `over`, counted over all waivers of the same people for the same access. Default: `windowMax`.',
    ).optional(),
    over: duration('The sliding time over which `cumulativeMax` counts. Default P30D.').prefault('P30D'),
    distinctCountersigner: z.boolean().default(true).meta({
      description: 'Somebody other than before countersigns the extension. Only the lowest tier may say false.',
    }),
  })
  .meta({ description: 'What an extension may be. Every extension is a new decision on fresh facts.' })

const tierSchema = z
  .strictObject({
    rank: z
      .int()
      .min(0)
      .max(1000)
      .meta({ description: 'Orders the tiers: the higher rank is the riskier tier. Each rank once.' }),
    windowMax: duration('Longest window that can be asked for.'),
    steps: z
      .array(z.enum(['endorse', 'countersign']))
      .min(1)
      .default(['countersign'])
      .meta({ description: 'Steps of the decision, by different people. Default: `[countersign]`.' }),
    countersignersMin: z
      .int()
      .min(1)
      .max(10)
      .default(1)
      .meta({ description: 'How many different people countersign. Default and least: 1.' }),
    pools: listOf(referenceText)
      .min(1)
      .meta({ description: 'Pools whose members may countersign. Never empty: an empty list would mean nobody.' }),
    endorsePools: listOf(referenceText).min(1).optional().meta({
      description:
        'Pools whose members may endorse; `target-owners` stands for whoever owns or administers the system. Default, where `steps` has `endorse`: `[target-owners]`.',
    }),
    controlsRequired: references(
      'Compensating controls that every waiver of this tier must carry. Default: none.',
    ).default([]),
    missedControl: z
      .enum(['suspend', 'report'])
      .default('suspend')
      .meta({ description: 'What a missed control does to a running waiver. Default: `suspend`.' }),
    decideWithin: duration('How long a request waits for a decision before it lapses. Default PT4H.').prefault('PT4H'),
    activateWithin: duration('How long after countersigning the access may still be started. Default PT1H.').prefault(
      'PT1H',
    ),
    activation: z
      .enum(['manual', 'automatic'])
      .default('manual')
      .meta({ description: 'Whether somebody starts the access by an act of their own. Default: `manual`.' }),
    extension: extensionSchema.prefault({}),
    reviewWithin: duration('How soon after its end a waiver must have been reviewed. Default P7D.').prefault('P7D'),
    passkey: z.boolean().optional().meta({
      description:
        'Decisions are signed by passkey: endorsing, countersigning, denying, opening an envelope, reviewing. Default: true, except in the lowest of several tiers.',
    }),
    activityEvery: duration('How often activity on the target is read while access lasts. Default: never.').optional(),
    offlineTokens: z.boolean().default(false).meta({
      description:
        'Tokens given for waivers of this tier may be used without asking at each use. Never so for agents, envelopes, and whatever has a budget. Default: false.',
    }),
  })
  .meta({ description: 'A level of risk: how long, decided by whom, in how many steps.' })

const targetSchema = z.record(z.string().min(1).max(100), z.unknown()).meta({
  description: "Settings of the connector's own. Secrets are references (`env:NAME`, `file:/path`), never values.",
})

const connectorSchema = z
  .strictObject({
    kind: idText.meta({ description: 'Which connector: `postgres-role`, …' }),
    settings: targetSchema.default({}),
  })
  .meta({ description: 'How Countersign reaches a system.' })

const entitlementSchema = z
  .strictObject({
    name: nameText.meta({ description: 'Shown to people.' }),
    tier: referenceText.meta({
      description: 'Tier of this entitlement. The risk of the beneficiary can only raise it.',
    }),
    resources: listOf(termsName)
      .min(1)
      .meta({ description: 'Everything that can be asked for, by exact name. Patterns are refused.' }),
    actions: listOf(termsName).min(1).meta({ description: 'What can be done, by exact name. Patterns are refused.' }),
    duties: listOf(exactText).default([]).meta({ description: 'What it lets one do, for SoD rules. Default: none.' }),
    kinds: z
      .array(z.enum(['access-override', 'sod-exception', 'break-glass']))
      .min(1)
      .default(['access-override'])
      .meta({ description: 'Kinds of waiver it may be asked for as. Default: `[access-override]`.' }),
    target: targetSchema.default({}),
  })
  .meta({ description: 'Something that can be granted.' })

const systemSchema = z
  .strictObject({
    name: nameText.meta({ description: 'Shown to people.' }),
    connector: referenceText.meta({ description: 'The connector that gives and takes access here.' }),
    entitlements: mapOf(entitlementSchema).meta({ description: 'What can be granted here, by id.' }),
    enforcers: references(
      'Workloads that stand in front of this system, such as a gateway: they may ask about anybody’s use of it, and every use they are told yes to counts. Default: none.',
    ).default([]),
    boundTokens: z.boolean().default(false).meta({
      description:
        'Tokens for this system are given only to whoever shows a key to bind them to (DPoP). Default: false.',
    }),
  })
  .meta({ description: 'A system on which access is granted.' })

const poolSchema = z
  .strictObject({
    name: nameText.meta({ description: 'Shown to people.' }),
    decides: z
      .array(z.enum(['countersign', 'endorse', 'review', 'security', 'rules']))
      .min(1)
      .meta({
        description:
          'What its members may decide. `security` may end anything; `rules` decides changes to these files.',
      }),
    people: references('Members, by person id.').default([]),
    teams: references('Teams all of whose members belong to the pool.').default([]),
    rotas: references('Rotas that say who of the pool is on duty. Default: everybody, always.').default([]),
  })
  .meta({ description: 'People who may decide, if they are independent. A pool without members means nobody.' })

const functionSchema = z
  .strictObject({
    name: nameText.meta({ description: 'Shown to people.' }),
    duties: listOf(exactText)
      .min(1)
      .meta({ description: 'Duties as entitlements list them; one of them held is enough.' }),
  })
  .meta({ description: 'A job that SoD rules keep apart from other jobs.' })

const dutyRuleSchema = z
  .strictObject({
    name: nameText.meta({ description: 'Shown to people.' }),
    severity: z
      .enum(['low', 'medium', 'high', 'critical'])
      .meta({ description: 'How bad it is to hold them together.' }),
    functions: listOf(referenceText).min(2).meta({ description: 'The functions that conflict.' }),
    conflictsFrom: z.int().min(2).default(2).meta({ description: 'How many of them make a conflict. Default 2.' }),
    controls: references(
      'Controls of which a sod-exception must carry at least one. Default: none, so no exception is possible.',
    ).default([]),
    tier: referenceText.meta({ description: 'Tier of a sod-exception under this rule.' }),
  })
  .meta({ description: 'A segregation-of-duties rule.' })

const controlSchema = z
  .strictObject({
    name: nameText.meta({ description: 'Shown to people.' }),
    everyMax: duration('Evidence is due at least this often while a waiver runs.'),
  })
  .meta({ description: 'A compensating control.' })

const reciprocalSchema = z
  .strictObject({
    mode: z
      .enum(['second-countersigner', 'ignore'])
      .default('second-countersigner')
      .meta({ description: 'What follows when people keep approving each other. Default: one more countersigner.' }),
    overDays: z.int().min(1).max(3650).default(90).meta({ description: 'Days looked back. Default 90.' }),
    from: z
      .int()
      .min(1)
      .max(100)
      .default(2)
      .meta({ description: 'Approvals in each direction from which it counts. Default 2.' }),
    ringMax: z
      .int()
      .min(2)
      .max(4)
      .default(4)
      .meta({ description: 'Longest ring looked for: 2 (a pair) to 4. Default 4.' }),
  })
  .meta({ description: 'People who keep approving each other.' })

const independenceSchema = z
  .strictObject({
    lingerDays: z.int().min(30).max(3650).default(30).meta({
      description:
        'Days that an ended relation (left a team, handed over a bot) goes on counting. Default and least: 30.',
    }),
    reportingLine: z
      .enum(['conflict', 'ignore'])
      .default('conflict')
      .meta({ description: 'Whether managers and reports of the requester are out. Default: `conflict`.' }),
    reciprocal: reciprocalSchema.prefault({}),
    poolTenureDays: z
      .int()
      .min(0)
      .max(365)
      .default(14)
      .meta({ description: 'Days somebody must have been in a pool before deciding. Default 14.' }),
    teams: mapOf(z.enum(['operational', 'all-staff', 'boundary']))
      .default({})
      .meta({
        description:
          'How far "same team" reaches. `all-staff`: being in it together means nothing; `boundary`: it ends here; `operational`: the default.',
      }),
    lastGoodMax: duration(
      'Age of the directory that still suffices to open a sealed envelope in an emergency. Default PT4H.',
    ).prefault('PT4H'),
  })
  .meta({ description: 'How independence is judged where a choice is left. The floor cannot be configured.' })

const { repeatedFrom, repeatedOverDays, unusedOverDays } = habitLimitsUsual
const habitsSchema = z
  .strictObject({
    repeatedFrom: z
      .int()
      .min(2)
      .max(100)
      .default(repeatedFrom)
      .meta({
        description: `Waivers of the same access for the same holder from which a missing role is reported. Default ${repeatedFrom}.`,
      }),
    repeatedOverDays: z
      .int()
      .min(7)
      .max(366)
      .default(repeatedOverDays)
      .meta({ description: `Days over which they are counted. Default ${repeatedOverDays}.` }),
    unusedOverDays: z
      .int()
      .min(7)
      .max(366)
      .default(unusedOverDays)
      .meta({
        description: `Days looked back for access that was given and never used. Default ${unusedOverDays}.`,
      }),
  })
  .meta({ description: 'What waivers come to over time: from where on it is reported. See docs/drift.md.' })

const beneficiaryRiskSchema = z
  .strictObject({
    agent: referenceText.optional().meta({ description: 'Lowest tier when the beneficiary is an AI agent.' }),
    external: referenceText.optional().meta({ description: 'Lowest tier when the beneficiary is not employed here.' }),
    workload: referenceText.optional().meta({ description: 'Lowest tier when the beneficiary is any workload.' }),
  })
  .meta({ description: 'The risk of the beneficiary raises the tier, never lowers it.' })

const mitigationSchema = z
  .strictObject({
    holder: referenceText.meta({ description: 'Who holds the conflict: a person, or `wl_…` for a workload.' }),
    rule: referenceText.meta({ description: 'The duty rule that is broken; it must take the control.' }),
    control: referenceText.meta({ description: 'The compensating control.' }),
    owner: referenceText.meta({
      description: 'The person who answers for it and gives the evidence; never the holder.',
    }),
    from: moment.meta({ description: 'When it begins.' }),
    until: moment.meta({ description: 'When it ends; at most a year after it begins.' }),
    every: duration('Evidence is due this often; at least as often as the control asks.'),
  })
  .meta({ description: 'A compensating control over a conflict that somebody holds for longer than a waiver lasts.' })

const guardrailsSchema = z
  .strictObject({
    arguments: z.record(exactText, z.string().min(1).max(10_000)).default({}).meta({
      description:
        'The Cedar type of the arguments of an action, by its name: `{ amount: Long, note?: String }`. Arguments that are otherwise are refused; of other actions guardrails hear no arguments.',
    }),
  })
  .meta({
    description:
      'What goes with the Cedar policies that stand beside this file in `guardrails.cedar`, or in the same folder: see docs/guardrails.md.',
  })

export const policySchema = z
  .strictObject({
    tiers: mapOf(tierSchema).default({}).meta({ description: 'Levels of risk, by id.' }),
    beneficiaryRisk: beneficiaryRiskSchema.optional(),
    connectors: mapOf(connectorSchema).default({}).meta({ description: 'Connectors, by id.' }),
    systems: mapOf(systemSchema).default({}).meta({ description: 'Systems and what can be granted on them, by id.' }),
    pools: mapOf(poolSchema).default({}).meta({ description: 'Who may decide, by id.' }),
    functions: mapOf(functionSchema).default({}).meta({ description: 'Functions for SoD rules, by id.' }),
    dutyRules: mapOf(dutyRuleSchema).default({}).meta({ description: 'Segregation-of-duties rules, by id.' }),
    controls: mapOf(controlSchema).default({}).meta({ description: 'Compensating controls, by id.' }),
    mitigations: mapOf(mitigationSchema)
      .default({})
      .meta({ description: 'Conflicts that are tolerated under a control, for a time, by id.' }),
    guardrails: guardrailsSchema.optional(),
    independence: independenceSchema.optional(),
    habits: habitsSchema.optional(),
    changeDelay: seconds
      .meta({
        description:
          'Delay between the countersignature of a change to these files and its taking effect. Default P1D.',
      })
      .optional(),
  })
  .meta({
    title: 'Countersign policy',
    description:
      'What can be asked for, how risky it is, who decides. One file, or several whose sections are put together.',
  })

/** One file's content after validation. */
export type PolicyFile = z.output<typeof policySchema>
export { beneficiaryRiskSchema, independenceSchema }
