/** Did the rules change only by two people, and was every no written down? */
import type { RuleChange, Story } from '../lives.ts'
import { type Check, isIn, type Lapse } from './check.ts'

export const ruleChecks = {
  'rules/maker-checker': { looked: 'changes that took effect', look: changes } satisfies Check,
  'fail/closed': { looked: 'refused attempts', look: attempts } satisfies Check,
}

function changes(story: Story, period: Parameters<Check['look']>[1]): ReturnType<Check['look']> {
  const effective = story.changes.flatMap((change) =>
    change.acts
      .filter(({ event }) => event.type === 'ChangeTookEffect' && isIn(period, event.at))
      .map((act) => ({ change, act })),
  )
  const lapses = effective.flatMap(({ change, act }): Lapse[] => {
    const says = alone(change)
    return says === undefined ? [] : [{ event: act.recorded.id, says }]
  })
  return { count: effective.length, lapses }
}

function alone({ acts }: RuleChange): string | undefined {
  const author = acts.find(({ event }) => event.type === 'ChangeProposed')?.event.by
  const signers = acts.filter(({ event }) => event.type === 'ChangeCountersigned').map(({ event }) => event.by)
  if (signers.length === 0) return 'nobody countersigned it'
  return signers.every((signer) => signer === author) ? `${author} proposed and countersigned it` : undefined
}

function attempts(story: Story, period: Parameters<Check['look']>[1]): ReturnType<Check['look']> {
  const refused = story.attempts.filter(({ recorded }) => isIn(period, recorded.at))
  const silent = refused.filter(({ code, recorded }) => code === '' || typeof recorded.body?.message !== 'string')
  return {
    count: refused.length,
    lapses: silent.map(({ recorded }) => ({ event: recorded.id, says: 'it names no reason' })),
  }
}
