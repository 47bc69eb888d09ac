/** The rules in force: what can be asked for, how risky it is, who decides. */
import type { Command } from 'commander'
import type { PolicyView } from '../../../client/index.ts'
import type { Policy } from '../../../core/policy.ts'
import { fields } from '../../output/fields.ts'
import { exactly, instantSeen } from '../../output/moments.ts'
import { named } from '../../output/names.ts'
import type { Page } from '../../output/page.ts'
import { wholePolicyLines } from '../../output/rules.ts'
import { table } from '../../output/table.ts'
import { quoted, visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

interface Options {
  readonly digest?: string
  readonly full?: boolean
}

export function addShow(parent: Command, registry: Registry): void {
  parent
    .command('show')
    .summary('show the rules in force')
    .description('Shows what can be asked for, in which tier, and who decides.')
    .option('--digest <digest>', 'another revision, such as the one a change proposes')
    .option('--full', 'every field of it')
    .action(
      performs<Options>(registry, async (call, { digest, full }) => {
        const { client } = await sessionOf(call)
        const view = answered(await (digest === undefined ? client.policy() : client.policyRevision(digest)))
        const whole = full === true ? wholePolicyLines(view.policy, call.page.width) : summaryLines(call.page, view)
        return { document: view, lines: [...headLines(call.page, view), '', ...whole] }
      }),
    )
}

export function headLines(page: Page, { digest, since, complete }: PolicyView): readonly string[] {
  return fields(page, [
    ['Digest', digest],
    ['In force', since === undefined ? 'no' : `since ${instantSeen(since, page)}`],
    ['Left out', complete ? [] : 'settings of connectors, which only those see who decide about the rules'],
  ])
}

export function summaryLines(page: Page, view: PolicyView): readonly string[] {
  const policy = view.policy as unknown as Policy
  const tiers = Object.entries(policy.tiers).sort(([, a], [, b]) => a.rank - b.rank)
  const entitlements = Object.values(policy.systems).flatMap((system) =>
    Object.values(system.entitlements).map((entitlement) => ({ system, entitlement })),
  )
  return [
    page.paint.strong('Tiers'),
    ...table(
      page,
      [
        { title: 'Tier', cell: ([id]) => visible(id) },
        { title: 'At most', cell: ([, tier]) => exactly(tier.windowSecondsMax) },
        { title: 'Steps', cell: ([, tier]) => tier.steps.map(visible).join(', then ') },
        { title: 'Countersigners', cell: ([, tier]) => String(tier.countersignersMin) },
        { title: 'Pools', cell: ([, tier]) => tier.pools.map(visible).join(', ') },
        { title: 'Controls', cell: ([, tier]) => tier.controlsRequired.map(visible).join(', ') },
        {
          title: 'Extended',
          cell: ([, tier]) => (tier.extension.countMax === 0 ? 'never' : `${tier.extension.countMax} times`),
        },
      ],
      tiers,
    ),
    '',
    page.paint.strong('What can be asked for'),
    ...entitlements.flatMap(({ system, entitlement }) => [
      `${quoted(entitlement.id)} on ${named(system.id, { ...view.names, [system.id]: system.name })}: ${visible(entitlement.name)}`,
      ...fields(page, [
        ['Tier', visible(entitlement.tier)],
        ['Kinds', entitlement.kinds.map(visible).join(', ')],
        ['Resources', entitlement.resources.map(quoted)],
        ['Actions', entitlement.actions.map(quoted)],
        ['Duties', entitlement.duties.map(quoted)],
      ]),
    ]),
    '',
    page.paint.strong('Pools'),
    ...Object.values(policy.pools).map(
      (pool) =>
        `${quoted(pool.id)} ${visible(pool.name)} decides ${pool.decides.map(visible).join(', ')}: ${pool.members.map((id) => named(id, view.names)).join(', ') || 'nobody'}`,
    ),
    ...ruleLines(page, policy),
    ...guardrailLines(page, policy),
  ]
}

function ruleLines(page: Page, { dutyRules }: Policy): readonly string[] {
  const rules = Object.values(dutyRules)
  if (rules.length === 0) return []
  return [
    '',
    page.paint.strong('Duty rules'),
    ...rules.map(
      (rule) =>
        `${quoted(rule.id)} ${visible(rule.name)} (${visible(rule.severity)}): ${rule.conflictsFrom} of ${rule.functions.map(quoted).join(', ')}`,
    ),
  ]
}

/** As they were written: whoever wants to know what they forbid has to read them. */
function guardrailLines(page: Page, { guardrails }: Policy): readonly string[] {
  if (guardrails === undefined) return []
  const texts = [...Object.values(guardrails.forbid), ...Object.values(guardrails.permit)]
  return [
    '',
    page.paint.strong('Guardrails'),
    ...texts.flatMap((text) => [...text.split('\n').map((line) => `  ${visible(line)}`), '']),
    ...fields(page, [
      [
        'Arguments',
        Object.entries(guardrails.arguments).map(([action, type]) => `${quoted(action)}: ${visible(type)}`),
      ],
    ]),
  ]
}
