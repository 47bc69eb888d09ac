/**
 * What must hold between the parts of a policy: every name leads somewhere, limits make sense, nothing empty can pass
 * for everything. Each problem points at the line that has to change. Who the people are is the directory's question
 * and is asked in `core/check-policy.ts`.
 */

import { targetOwners } from '../core/policy.ts'
import { durationOf } from '../core/time.ts'
import { didYouMean } from '../lib/nearest.ts'
import type { Placed, Section } from './merge.ts'
import type { Merged } from './policy-merge.ts'
import { type Prefix, withPrefix, wrongPrefix } from './reference.ts'
import type { Path, Problem } from './yaml.ts'

const windowSecondsLimit = 30 * 86_400
const breakGlassSecondsMax = 4 * 3_600
const breakGlassReviewSecondsMax = 86_400
const breakGlassActivitySecondsMax = 15 * 60

type Report = (where: string, message: string) => void

/** @returns every problem, in the order of the sections. */
export function ruleProblems(merged: Merged): readonly Problem[] {
  const problems: Problem[] = []
  const report: Report = (where, message) => problems.push({ where, message })
  if (merged.tiers.size === 0) report(`${merged.file}:1:1`, 'there is no tier; without one nothing can be decided')
  checkTiers(merged, report)
  checkBeneficiaryRisk(merged, report)
  checkSystems(merged, report)
  checkPools(merged, report)
  checkDuties(merged, report)
  checkMitigations(merged, report)
  checkIndependence(merged, report)
  return problems
}

function checkTiers(merged: Merged, report: Report): void {
  const lowest = Math.min(...[...merged.tiers.values()].map(({ value }) => value.rank))
  const ranks = new Map<number, string>()
  for (const [id, tier] of merged.tiers) {
    const { rank, pools, endorsePools, controlsRequired } = tier.value
    const other = ranks.get(rank)
    if (other !== undefined)
      report(tier.at(['rank']), `rank ${rank} is already the rank of \`${other}\`; each rank once`)
    ranks.set(rank, id)
    deciding(merged, tier, 'pools', pools, 'countersign', report)
    deciding(merged, tier, 'endorsePools', endorsePools ?? [], 'endorse', report)
    known('control', merged.controls, tier, ['controlsRequired'], controlsRequired, report)
    checkSteps(tier, report)
    checkLimits(tier, rank === lowest, report)
  }
}

function checkSteps(tier: Tier, report: Report): void {
  const { steps, endorsePools } = tier.value
  if (steps.at(-1) !== 'countersign') report(tier.at(['steps']), 'the last step must be `countersign`')
  for (const [index, step] of steps.entries()) {
    if (steps.indexOf(step) !== index)
      report(tier.at(['steps', index]), `\`${step}\` stands twice; use \`countersignersMin\``)
  }
  if (endorsePools !== undefined && !steps.includes('endorse')) {
    report(tier.at(['endorsePools'], 'key'), 'nobody endorses here: `steps` has no `endorse`')
  }
}

type Tier = Placed<Merged['tiers'] extends Section<infer Item> ? Item : never>

function checkLimits(tier: Tier, isLowest: boolean, report: Report): void {
  const { windowMax, extension, activityEvery } = tier.value
  const { cumulativeMax, over, distinctCountersigner } = extension
  if (windowMax > windowSecondsLimit) {
    report(
      tier.at(['windowMax']),
      `is longer than ${durationOf(windowSecondsLimit)}; that is standing access, not a waiver`,
    )
  }
  if (cumulativeMax !== undefined && cumulativeMax < windowMax) {
    report(
      tier.at(['extension', 'cumulativeMax']),
      `is shorter than \`windowMax\` (${durationOf(windowMax)}); no such window could start`,
    )
  }
  if ((cumulativeMax ?? windowMax) >= over) {
    report(tier.at(['extension', 'over']), 'must be longer than the cumulative time, or the cap would never end access')
  }
  if (!distinctCountersigner && !isLowest) {
    report(
      tier.at(['extension', 'distinctCountersigner']),
      'only the lowest tier may let the same person countersign again',
    )
  }
  if (activityEvery !== undefined && activityEvery > windowMax) {
    report(tier.at(['activityEvery']), 'is longer than `windowMax`; activity would never be read while access lasts')
  }
}

function checkBeneficiaryRisk(merged: Merged, report: Report): void {
  const risk = merged.beneficiaryRisk
  if (risk === undefined) return
  for (const [kind, tier] of Object.entries(risk.value)) {
    if (tier !== undefined) knownOne('tier', merged.tiers, risk, [kind], tier, report)
  }
}

function checkSystems(merged: Merged, report: Report): void {
  for (const [id, system] of merged.systems) {
    const misplaced = wrongPrefix(id.slice('sys_'.length), ['sys'])
    if (misplaced !== undefined) report(system.at([], 'key'), misplaced)
    knownOne('connector', merged.connectors, system, ['connector'], system.value.connector, report)
    checkPrefixes(system, 'enforcers', system.value.enforcers, 'wl', report)
    for (const [key, entitlement] of Object.entries(system.value.entitlements)) {
      knownOne('tier', merged.tiers, system, ['entitlements', key, 'tier'], entitlement.tier, report)
      if (entitlement.kinds.includes('break-glass')) checkBreakGlass(merged, system, key, entitlement.tier, report)
    }
  }
}

/** A sealed envelope is opened without a decision at that hour: short, read closely, reviewed within a day. */
function checkBreakGlass(merged: Merged, system: Placed<unknown>, key: string, tierId: string, report: Report): void {
  const tier = merged.tiers.get(tierId)?.value
  if (tier === undefined) return
  const where = system.at(['entitlements', key, 'kinds'])
  const need = (holds: boolean, what: string) => {
    if (!holds) report(where, `break-glass needs a tier ${what}; \`${tierId}\` is not`)
  }
  need(tier.windowMax <= breakGlassSecondsMax, `with a \`windowMax\` of at most ${durationOf(breakGlassSecondsMax)}`)
  need(tier.reviewWithin <= breakGlassReviewSecondsMax, `reviewed within ${durationOf(breakGlassReviewSecondsMax)}`)
  need(
    tier.activityEvery !== undefined && tier.activityEvery <= breakGlassActivitySecondsMax,
    `whose \`activityEvery\` is at most ${durationOf(breakGlassActivitySecondsMax)}`,
  )
}

function checkPools(merged: Merged, report: Report): void {
  for (const [id, pool] of merged.pools) {
    if (id === targetOwners)
      report(pool.at(), `\`${targetOwners}\` stands for the owners of a system; name the pool otherwise`)
    checkPrefixes(pool, 'people', pool.value.people, 'per', report)
    checkPrefixes(pool, 'teams', pool.value.teams, 'team', report)
    checkPrefixes(pool, 'rotas', pool.value.rotas, 'rota', report)
  }
}

function checkPrefixes(
  placed: Placed<unknown>,
  field: string,
  names: readonly string[],
  prefix: Prefix,
  report: Report,
): void {
  const ids = names.map((name) => withPrefix(prefix, name))
  for (const [index, name] of names.entries()) {
    const wrong = wrongPrefix(name, [prefix])
    if (wrong !== undefined) report(placed.at([field, index]), wrong)
    else if (ids.indexOf(ids[index] ?? '') !== index)
      report(placed.at([field, index]), `\`${name}\` is listed twice; keep one`)
  }
}

function checkDuties(merged: Merged, report: Report): void {
  const duties = new Set(
    [...merged.systems.values()].flatMap(({ value }) =>
      Object.values(value.entitlements).flatMap((each) => each.duties),
    ),
  )
  for (const each of merged.functions.values()) {
    for (const [index, duty] of each.value.duties.entries()) {
      if (!duties.has(duty)) {
        report(each.at(['duties', index]), `no entitlement lists the duty \`${duty}\`${didYouMean(duty, duties)}`)
      }
    }
  }
  for (const rule of merged.dutyRules.values()) {
    const { functions, conflictsFrom, controls, tier } = rule.value
    known('function', merged.functions, rule, ['functions'], functions, report)
    known('control', merged.controls, rule, ['controls'], controls, report)
    knownOne('tier', merged.tiers, rule, ['tier'], tier, report)
    if (conflictsFrom > functions.length) {
      report(rule.at(['conflictsFrom']), `is more than the ${functions.length} functions; the rule could never apply`)
    }
  }
}

const mitigationSecondsMax = 366 * 86_400

function checkMitigations(merged: Merged, report: Report): void {
  for (const one of merged.mitigations.values()) {
    const { holder, rule, control, owner, from, until, every } = one.value
    const wrong = wrongPrefix(holder, ['per', 'wl'])
    if (wrong !== undefined) report(one.at(['holder']), wrong)
    const wrongOwner = wrongPrefix(owner, ['per'])
    if (wrongOwner !== undefined) report(one.at(['owner']), wrongOwner)
    knownOne('duty rule', merged.dutyRules, one, ['rule'], rule, report)
    knownOne('control', merged.controls, one, ['control'], control, report)
    const taken = merged.dutyRules.get(rule)?.value.controls ?? []
    if (merged.dutyRules.has(rule) && merged.controls.has(control) && !taken.includes(control))
      report(one.at(['control']), `the rule \`${rule}\` does not take \`${control}\`; add it to its \`controls\``)
    if (withPrefix('per', owner) === withPrefix('per', holder))
      report(one.at(['owner']), `\`${owner}\` holds the conflict; name somebody else`)
    const seconds = (Date.parse(until) - Date.parse(from)) / 1000
    if (seconds <= 0) report(one.at(['until']), 'ends before it begins')
    else if (seconds > mitigationSecondsMax)
      report(one.at(['until']), 'is more than a year after it begins; what lasts longer is decided again')
    const everyMax = merged.controls.get(control)?.value.everyMax
    if (everyMax !== undefined && every > everyMax)
      report(one.at(['every']), `is less often than the control asks (\`${durationOf(everyMax)}\`)`)
  }
}

function checkIndependence(merged: Merged, report: Report): void {
  const { independence } = merged
  if (independence === undefined) return
  const teams = Object.keys(independence.value.teams)
  const where = (team: string) => independence.at(['teams', team], 'key')
  for (const team of teams) {
    const wrong = wrongPrefix(team, ['team'])
    if (wrong !== undefined) report(where(team), wrong)
  }
  twice('team', teams, where, report)
}

/** `payments` and `team_payments` are one team: the later line would win without anybody seeing it. */
function twice(prefix: Prefix, names: readonly string[], where: (name: string) => string, report: Report): void {
  const ids = names.map((name) => withPrefix(prefix, name))
  for (const [index, name] of names.entries()) {
    const first = names[ids.indexOf(ids[index] ?? '')]
    if (first !== name) report(where(name), `\`${name}\` and \`${first}\` are the same`)
  }
}

function deciding(
  merged: Merged,
  tier: Placed<unknown>,
  field: 'pools' | 'endorsePools',
  pools: readonly string[],
  decides: 'countersign' | 'endorse',
  report: Report,
): void {
  for (const [index, id] of pools.entries()) {
    if (field === 'endorsePools' && id === targetOwners) continue
    knownOne('pool', merged.pools, tier, [field, index], id, report)
    const pool = merged.pools.get(id)
    if (pool === undefined || pool.value.decides.includes(decides)) continue
    report(tier.at([field, index]), `the pool \`${id}\` does not decide \`${decides}\`; see its \`decides\``)
  }
}

function known(
  what: string,
  section: Section<unknown>,
  placed: Placed<unknown>,
  path: Path,
  names: readonly string[],
  report: Report,
): void {
  for (const [index, name] of names.entries()) knownOne(what, section, placed, [...path, index], name, report)
}

function knownOne(
  what: string,
  section: Section<unknown>,
  placed: Placed<unknown>,
  path: Path,
  name: string,
  report: Report,
): void {
  if (!section.has(name)) report(placed.at(path), `unknown ${what} \`${name}\`${didYouMean(name, section.keys())}`)
}
