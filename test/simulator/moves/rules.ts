/** Changing the rules: proposed from files by somebody, decided by somebody else, in force after a delay. */
import type { Change } from '../../../src/core/change.ts'
import { handleChange, proposeRules } from '../../../src/engine/rules.ts'
import type { Dice } from '../dice.ts'
import { signedIn } from '../installation.ts'
import type { Planned } from '../moves.ts'
import { people, type RuleChoices, ruleChoices, rulesOf } from '../organisation.ts'
import type { World } from '../world.ts'

export function proposingRules(world: World, dice: Dice): Planned {
  const field = dice.one(Object.keys(ruleChoices) as (keyof RuleChoices)[])
  const value = dice.one<unknown>(ruleChoices[field])
  const rules = { ...world.rules, [field]: value } as RuleChoices
  const author = dice.chance(0.8) ? dice.one(['per_rae', 'per_pia', 'per_ann', 'per_sam']) : dice.one(people)
  const base = dice.chance(0.9) ? undefined : 'sha256:another'
  return {
    says: `${author} proposes ${field} ${JSON.stringify(value)}${base === undefined ? '' : ' on an old revision'}`,
    async run({ app }) {
      const handled = await proposeRules(app.machinery, signedIn(author, world.now), rulesOf(rules), base, 'better')
      world.changes.push(handled)
      if (handled.outcome === 'accepted') world.rules = rules
    },
  }
}

export function decidingRules(world: World, dice: Dice): Planned | undefined {
  const changes = [...world.record.lives.values()].filter(({ id }) => id.startsWith('chg_'))
  if (changes.length === 0) return undefined
  const { id, name } = dice.one(changes.slice(-3))
  const type = dice.one(['countersign', 'countersign', 'countersign', 'countersign', 'deny', 'withdraw'] as const)
  const actor = dice.chance(0.8) ? dice.one(['per_rae', 'per_kim', 'per_sam']) : dice.one(people)
  return {
    says: `${actor} ${type} ${name}`,
    async run({ app, store }) {
      const change = (await store.records.find(id)) as Change | null | undefined
      const proposed = change?.proposed ?? ''
      const command = type === 'countersign' ? ({ type, proposed } as const) : ({ type, reason: 'no' } as const)
      world.changes.push(await handleChange(app.machinery, id, command, signedIn(actor, world.now)))
    },
  }
}
