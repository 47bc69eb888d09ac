/** Asking for a waiver: mostly something reasonable, sometimes too much, by the wrong person, or twice under one key. */
import type { Terms } from '../../../src/core/terms.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import type { Dice } from '../dice.ts'
import { signedIn } from '../installation.ts'
import type { Planned } from '../moves.ts'
import { accounts, askers, people } from '../organisation.ts'
import { order, type World } from '../world.ts'

const actionsOf: Readonly<Record<string, readonly string[]>> = {
  write: ['select', 'insert', 'update'],
  admin: ['select', 'update', 'alter'],
  open: ['select'],
}

export function asking(world: World, dice: Dice, step: number): Planned {
  const terms = termsBy(world, dice)
  const usual = terms.kind === 'break-glass' ? ['per_carl', 'per_ben'] : (askers[terms.beneficiary] ?? ['per_ann'])
  const actor = dice.chance(0.93) ? dice.one(usual) : dice.one(people)
  const twice = dice.chance(0.15)
  // Made here and not by chance, since what is looked at by sample follows from it.
  const waiver = `wvr_${String(step).padStart(6, '0')}${dice.below(1_000_000_000).toString(36)}`
  const { system, entitlement, resources, actions } = terms.access
  const what = `${terms.kind} ${entitlement} on ${system} (${resources.join(' ')}; ${actions.join(' ')})`
  const when = `${terms.window.start.slice(5, 16)} to ${terms.window.end.slice(5, 16)}`
  return {
    says: `${actor} asks ${what} for ${terms.beneficiary} from ${when}${twice ? ', twice under one key' : ''}`,
    async run(node) {
      const asked = { waiver, command: { type: 'request', terms }, actor: signedIn(actor, world.now) } as const
      if (!twice) return void (await order(world, node, asked))
      const keyed = { ...asked, idempotencyKey: `k-${waiver}` }
      await order(world, node, keyed)
      await order(world, node, keyed)
    },
  }
}

function termsBy(world: World, dice: Dice): Terms {
  const kind = dice.weighted([
    [70, 'access-override'],
    [18, 'break-glass'],
    [12, 'sod-exception'],
  ] as const)
  const beneficiary = kind === 'break-glass' ? 'rota_payments' : dice.one(world.mood.beneficiaries)
  const systems = Object.keys(accounts[beneficiary] ?? { sys_ledger: '', sys_vault: '' })
  const system = kind === 'sod-exception' ? 'sys_ledger' : dice.one(systems)
  const onLedger = kind === 'break-glass' ? 'write' : dice.one(['write', 'write', 'admin'])
  const entitlement = system === 'sys_vault' ? 'open' : onLedger
  const account = accounts[beneficiary]?.[system]
  const start = plusSeconds(
    world.now,
    dice.weighted([
      [16, 0],
      [1, -120],
      [2, 600],
      [1, 1_800],
      [1, 7_200],
      [0.5, -3_600],
    ]),
  )
  const length =
    kind === 'break-glass' ? 86_400 * dice.one([1, 10]) : 60 * dice.one([10, 60, 60, 60, 180, 180, 240, 300])
  const watched = entitlement === 'admin' || beneficiary === 'wl_agent' || kind === 'sod-exception' || dice.chance(0.15)
  return {
    kind,
    beneficiary,
    access: {
      system,
      entitlement,
      ...(account === undefined ? {} : { account }),
      resources: dice.some(['entries', 'accounts']),
      actions: dice.some(actionsOf[entitlement] ?? []),
    },
    window: { start, end: plusSeconds(start, length) },
    reason: dice.one(['batch 7 was posted twice', 'the month does not close', 'a customer waits']),
    controls: watched
      ? [{ control: 'peer-watch', owner: dice.chance(0.9) ? 'per_lee' : 'per_ann', every: 'PT20M' }]
      : [],
    conditions: dice.chance(0.2) ? { usesMax: 1 + dice.below(3) } : {},
    contains: '',
    ...(kind === 'break-glass' ? { openFor: dice.one(['PT30M', 'PT2H']) } : {}),
    ...(kind === 'sod-exception' ? { exception: exceptionTo(entitlement) } : {}),
  }
}

function exceptionTo(entitlement: string): NonNullable<Terms['exception']> {
  return {
    rule: 'post-and-approve',
    other: { system: 'sys_ledger', entitlement: entitlement === 'write' ? 'admin' : 'write' },
  }
}
