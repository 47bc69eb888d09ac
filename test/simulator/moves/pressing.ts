/**
 * What hardly ever happens by chance and is where rules give way: the clock goes back between a start and the target,
 * somebody changes sides between their signature and the start, two ask at once for what is enough for one.
 */
import { plusSeconds } from '../../../src/core/time.ts'
import type { Waiver } from '../../../src/core/waiver.ts'
import { atOnce } from '../at-once.ts'
import type { Dice } from '../dice.ts'
import { signedIn } from '../installation.ts'
import type { Planned } from '../moves.ts'
import { accounts, changing } from '../organisation.ts'
import { order, readDirectory, type World } from '../world.ts'

function lives({ record }: World): readonly Waiver[] {
  return [...record.lives.values()].flatMap(({ waiver }) => (waiver === undefined ? [] : [waiver]))
}

/** Access was started and no target has been seen to give it. */
export function isUnreached(world: World): boolean {
  return lives(world).some(
    ({ status, activation }) =>
      (status === 'countersigned' || status === 'active') &&
      activation !== undefined &&
      activation.confirmedAt === undefined,
  )
}

/** Of somebody who has signed something becomes known, and then the access is started. */
export function turning(world: World, dice: Dice): Planned | undefined {
  const waiting = lives(world).filter(
    ({ status, activation, terms }) =>
      status === 'countersigned' && activation === undefined && terms.window.start <= world.now,
  )
  if (waiting.length === 0) return undefined
  const waiver = dice.one(waiting)
  const signers = waiver.approvals.map(({ by }) => by)
  const facts = changing.filter((fact) => !world.holding.has(fact) && signers.some((by) => fact.startsWith(by)))
  if (facts.length === 0) return undefined
  const fact = dice.one(facts)
  const starter = waiver.terms.kind === 'break-glass' ? 'per_ann' : waiver.requester
  return {
    says: `from now on: ${fact}; then ${starter} starts ${world.record.nameOf(waiver.id)}`,
    async run(node) {
      world.holding = new Set([...world.holding, fact])
      await readDirectory(world, node)
      const command = { type: 'activate' } as const
      await order(world, node, { waiver: waiver.id, command, actor: signedIn(starter, world.now) })
    },
  }
}

/** Each asks for four hours of overlapping rights on the ledger; both together are more than anybody gets. */
export function askingAtOnce(world: World, dice: Dice, step: number): Planned {
  const beneficiary = dice.one(['per_ann', 'per_olga'])
  const account = accounts[beneficiary]?.sys_ledger ?? ''
  const asks = ['write', 'admin'].map((entitlement) => ({
    waiver: `wvr_${String(step).padStart(6, '0')}once${entitlement}${dice.below(1_000_000).toString(36)}`,
    actor: signedIn(beneficiary, world.now),
    command: {
      type: 'request',
      terms: {
        kind: 'access-override',
        beneficiary,
        access: { system: 'sys_ledger', entitlement, account, resources: ['entries'], actions: ['select', 'update'] },
        window: { start: world.now, end: plusSeconds(world.now, 4 * 3_600) },
        reason: 'both at once',
        controls: [{ control: 'peer-watch', owner: 'per_lee', every: 'PT20M' }],
        conditions: {},
        contains: '',
      },
    } as const,
  }))
  const [one, other] = dice.chance(0.5) ? asks : asks.reverse()
  if (one === undefined || other === undefined) throw new Error('bug: two were made')
  return {
    says: `${beneficiary} asks for two things on the ledger at once`,
    run: () => world.schedule.aside(() => atOnce(world, one, other)),
  }
}
