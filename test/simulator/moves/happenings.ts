/** What happens around Countersign: people move, targets fail, sessions are opened, somebody changes things by hand. */
import { plusSeconds } from '../../../src/core/time.ts'
import type { Dice } from '../dice.ts'
import type { Planned } from '../moves.ts'
import { changing, holdsAtFirst } from '../organisation.ts'
import { type Truth, troubles } from '../target.ts'
import { readDirectory, type World } from '../world.ts'

export function changingDirectory(world: World, dice: Dice): Planned {
  const unusual = [...world.holding].filter((fact) => !holdsAtFirst.has(fact))
  const fact = unusual.length > 1 ? dice.one(unusual) : dice.one(changing)
  const holds = world.holding.has(fact)
  return {
    says: holds ? `no longer: ${fact}` : `from now on: ${fact}`,
    async run(node) {
      const others = [...world.holding].filter((one) => one !== fact)
      world.holding = new Set(holds ? others : [...others, fact])
      await readDirectory(world, node)
    },
  }
}

/** Whoever has access on a target opens a session, which outlives the access. */
export function openingSession(world: World, dice: Dice): Planned | undefined {
  const held = [...world.targets.systems.values()].flatMap((truth) =>
    [...truth.grants.values()].map((spec) => ({ truth, spec })),
  )
  if (held.length === 0) return undefined
  const { truth, spec } = dice.one(held)
  return {
    says: `${spec.account} opens a session on ${truth.name}`,
    async run() {
      if (!truth.grants.has(spec.grant)) return
      world.sessionsCount++
      truth.sessions.set(`session ${world.sessionsCount}`, { grant: spec.grant, account: spec.account })
    },
  }
}

export function trouble(world: World, dice: Dice): Planned {
  const truth = dice.one([...world.targets.systems.values()])
  if (dice.chance(0.35)) return lying(truth, dice)
  if (truth.dead || truth.troubles.length > 0)
    return happening(`${truth.name} works again`, () => {
      truth.dead = false
      truth.troubles = []
    })
  if (dice.chance(0.2))
    return happening(`${truth.name} is dead`, () => {
      truth.dead = true
    })
  const next = Array.from({ length: 1 + dice.below(5) }, () => (dice.chance(0.3) ? undefined : dice.one(troubles)))
  return happening(`${truth.name} will answer: ${next.map((one) => one ?? 'well').join(', ')}`, () => {
    truth.troubles = next
  })
}

/** The very call that matters, and not whichever comes next: says done, and is not. */
function lying(truth: Truth, dice: Dice): Planned {
  const what = dice.one(['revoke', 'revoke', 'end-sessions', 'apply'] as const)
  return happening(`${truth.name} will claim its next ${what} and not do it`, () => {
    truth.lies.add(what)
  })
}

/** Somebody with hands on the target widens a role, or removes or prolongs what was given. */
export function tampering(world: World, dice: Dice): Planned {
  const truth = dice.one([...world.targets.systems.values()])
  const held = [...truth.grants.values()]
  if (held.length === 0 || dice.chance(0.4)) return widening(truth)
  const spec = dice.one(held)
  if (dice.chance(0.5))
    return happening(`somebody takes the access of ${spec.account} on ${truth.name} away by hand`, () => {
      truth.grants.delete(spec.grant)
    })
  return happening(`somebody prolongs the access of ${spec.account} on ${truth.name} by hand`, () => {
    truth.grants.set(spec.grant, { ...spec, until: plusSeconds(spec.until, 30 * 86_400) })
  })
}

function widening(truth: Truth): Planned {
  const next = truth.contents === 'as it was' ? 'and superuser' : 'as it was'
  return happening(`roles on ${truth.name} now contain: ${next}`, () => {
    truth.contents = next
  })
}

function happening(says: string, happens: () => void): Planned {
  return { says, run: async () => happens() }
}
