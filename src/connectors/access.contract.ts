/**
 * Does a connector keep the contract of `access.ts`? One suite that every access connector runs, ours and other people's,
 * against a real target: it gives, takes, looks and breaks things, and never trusts what the connector says without
 * trying it. It needs Vitest.
 *
 *     accessContract('my-target', async () => ({ connector, freshSpec, … , close }))
 *
 * What a target cannot do is said with `{ notApplicable: 'why' }`; the test then shows as skipped with that reason.
 */
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import type { AccessConnector, GrantSpec, Observation, Outcome } from './access.ts'

export interface NotApplicable {
  readonly notApplicable: string
}

export type Optional<Feature> = Feature | NotApplicable

/** Undoes what the harness did to the target. */
export type Undo = () => Promise<void>

/** A session that the account has open, using the access in the way that outlives a removal longest on this target. */
export interface UsingSession {
  /** Tries the access once more in this very session. */
  stillUses(): Promise<boolean>
  isOpen(): Promise<boolean>
  close(): Promise<void>
}

/** A connector to the same target whose line to it can be cut around the moment an effect becomes final. */
export interface CutLine {
  readonly connector: AccessConnector
  /** The next change is lost on its way: the target never hears of it. */
  cutBefore(): void
  /** The next change happens, and the answer is lost. */
  cutAfter(): void
}

export interface AccessHarness {
  readonly connector: AccessConnector
  /** A spec that can be applied, for an account of its own which exists and holds nothing. Generation 1. */
  freshSpec(): Promise<GrantSpec>
  /**
   * The same for an account with exactly this name; `cannot-exist` where the target cannot have it, and then the
   * connector has to refuse it.
   */
  specNamed(account: string): Promise<GrantSpec | 'cannot-exist'>
  /** Ids of further grants, never used before. */
  freshGrant(): string
  /** Tries for real, in a new session of the account, to use everything the spec gives. */
  canUse(spec: GrantSpec): Promise<boolean>
  openSession(spec: GrantSpec): Promise<UsingSession>
  /** Everything the target holds but the connector's own memory, as JSON in stable order. */
  snapshot(): Promise<unknown>
  /** Makes the entitlement contain more than it did. */
  readonly widen: Optional<(spec: GrantSpec) => Promise<Undo>>
  /** Somebody changes an applied grant behind our back: a moved expiry, one more privilege. */
  readonly tamper: Optional<(spec: GrantSpec) => Promise<Undo>>
  /** The account uses the applied grant to leave something behind. */
  readonly plantResidue: Optional<(spec: GrantSpec) => Promise<Undo>>
  /** The account gets the same access from somebody else, to keep. */
  readonly giveStanding: Optional<(spec: GrantSpec) => Promise<Undo>>
  /** Somebody lets another account into an applied grant behind our back. */
  readonly letIn: Optional<(spec: GrantSpec) => Promise<{ readonly account: string; readonly undo: Undo }>>
  /** Nobody listens where this one connects to. */
  readonly unreachable: Optional<AccessConnector>
  /** Somebody accepts its connections, and never says a word. */
  readonly silent: Optional<AccessConnector>
  readonly cutLine: Optional<CutLine>
  close(): Promise<void>
}

/** Names that have broken quoting, comparing and cutting elsewhere. Pairs that look alike stand for different accounts. */
export const hostileNames: readonly string[] = [
  'o\'hara "the" \\n',
  'a.b.c',
  'x"; DROP ROLE postgres; --',
  "x'; DROP TABLE t; --",
  '$$; $tag$ %I %s {} `x`',
  'Admin',
  'ADMIN ',
  'admin\u0456', // Cyrillic і
  'adm\u00edn',
  'admi\u0301n', // the same to the eye, other bytes
  '\u202eevil\u202c',
  'tab\there',
  'line\nbreak',
  '*',
  '-',
  '名前',
  'n'.repeat(60),
]

/** Names no target can hold or that would be cut somewhere: refused, never bent. */
export const impossibleNames: readonly string[] = ['', 'nul\0byte', 'lone\ud800surrogate']

export function accessContract(name: string, makeHarness: () => Promise<AccessHarness>): void {
  describe(`${name} keeps the access contract`, () => {
    let harness: AccessHarness
    beforeAll(async () => {
      harness = await makeHarness()
    })
    afterAll(async () => harness?.close())
    const given = () => harness
    givingAndTaking(given)
    fencing(given)
    overlapping(given)
    sessions(given)
    looking(given)
    naming(given)
    failing(given)
  })
}

type Given = () => AccessHarness

function givingAndTaking(given: Given): void {
  test('apply gives exactly the access, observe sees it, and applying again changes nothing', async () => {
    const { connector, freshSpec, canUse, snapshot } = given()
    const spec = await freshSpec()
    expect(await canUse(spec)).toBe(false)
    expect(await connector.apply(spec)).toMatchObject({ outcome: 'done' })
    expect(await canUse(spec)).toBe(true)
    expect(await seen(connector, spec)).toMatchObject({ present: true, differs: [], residue: [] })
    const once = await snapshot()
    expect(await connector.apply(spec)).toMatchObject({ outcome: 'done' })
    expect(await snapshot()).toEqual(once)
    await remove(connector, spec)
  })

  test('[revocation/verified] after removal the account can do nothing, and the target is as it was before', async () => {
    const { connector, freshSpec, canUse, snapshot } = given()
    const spec = await freshSpec()
    const before = await snapshot()
    await connector.apply(spec)
    expect(await snapshot()).not.toEqual(before)
    await remove(connector, spec)
    expect(await canUse(spec)).toBe(false)
    expect(await snapshot()).toEqual(before)
  })

  test('revoking what is gone, and what never was, is done, and does nothing', async () => {
    const { connector, freshSpec, snapshot } = given()
    const spec = await freshSpec()
    const before = await snapshot()
    expect(await connector.revoke(spec)).toMatchObject({ outcome: 'done' })
    expect(await seen(connector, spec)).toEqual({ present: false, differs: [], sessions: [], residue: [] })
    await connector.apply(spec)
    for (let time = 0; time < 3; time++) expect(await connector.revoke(spec)).toMatchObject({ outcome: 'done' })
    expect(await connector.endSessions(spec)).toMatchObject({ outcome: 'done' })
    expect(await connector.endSessions(spec)).toEqual({ outcome: 'done', value: { ended: 0 } })
    expect(await snapshot()).toEqual(before)
  })

  test('access can be given again after it was taken', async () => {
    const { connector, freshSpec, canUse } = given()
    const spec = await freshSpec()
    await connector.apply(spec)
    await remove(connector, { ...spec, generation: 2 })
    expect(await connector.apply({ ...spec, generation: 3 })).toMatchObject({ outcome: 'done' })
    expect(await canUse(spec)).toBe(true)
    expect(await seen(connector, { ...spec, generation: 3 })).toMatchObject({ present: true, differs: [] })
    await remove(connector, { ...spec, generation: 4 })
  })

  test('[terms/bound] an account that does not exist gets nothing, and none is made', async () => {
    const { connector, freshSpec, snapshot } = given()
    const spec = { ...(await freshSpec()), account: 'nobody-of-this-name' }
    const before = await snapshot()
    expect(await connector.apply(spec)).toMatchObject({ outcome: 'not-done' })
    expect(await snapshot()).toEqual(before)
  })

  test('[terms/bound] what the entitlement does not have is not given', async () => {
    const { connector, freshSpec, snapshot } = given()
    const spec = await freshSpec()
    const before = await snapshot()
    for (const wrong of [
      { resources: ['no-such-thing'] },
      { actions: ['no-such-action'] },
      { resources: [] },
      { actions: [] },
    ]) {
      const outcome = await connector.apply({ ...spec, ...wrong })
      expect(outcome, JSON.stringify(wrong)).toMatchObject({ outcome: 'not-done', reason: expect.stringMatching(/\S/) })
    }
    expect(await snapshot()).toEqual(before)
  })
}

function fencing(given: Given): void {
  test('[B12] work of an older generation is refused, while the access is there', async () => {
    const { connector, freshSpec, canUse } = given()
    const spec = await freshSpec()
    expect(await connector.apply({ ...spec, generation: 5 })).toMatchObject({ outcome: 'done' })
    expect(await connector.apply({ ...spec, generation: 4 })).toMatchObject({ outcome: 'not-done', retryable: false })
    expect(await connector.revoke({ ...spec, generation: 4 })).toMatchObject({ outcome: 'not-done', retryable: false })
    expect(await canUse(spec)).toBe(true)
    await remove(connector, { ...spec, generation: 6 })
  })

  test('[B12] a delayed apply does not bring back what was removed, nor what was removed before it came', async () => {
    const { connector, freshSpec, canUse } = given()
    for (const applied of [true, false]) {
      const spec = await freshSpec()
      if (applied) await connector.apply(spec)
      await remove(connector, { ...spec, generation: 2 })
      expect(await connector.apply(spec)).toMatchObject({ outcome: 'not-done', retryable: false })
      expect(await canUse(spec)).toBe(false)
    }
  })

  test('[B10] the same apply many times at once makes one access, and one removal takes it', async () => {
    const { connector, freshSpec, canUse, snapshot } = given()
    const spec = await freshSpec()
    const before = await snapshot()
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => connector.apply(spec)))
    expect(outcomes.map(({ outcome }) => outcome)).toContain('done')
    expect(await canUse(spec)).toBe(true)
    await remove(connector, spec)
    expect(await snapshot()).toEqual(before)
  })
}

function overlapping(given: Given): void {
  test('[B19] two grants of the same access to one account: ending either leaves the other', async () => {
    const { connector, freshSpec, freshGrant, canUse } = given()
    for (const first of [true, false]) {
      const one = await freshSpec()
      const other = { ...one, grant: freshGrant() }
      await connector.apply(one)
      await connector.apply(other)
      const [ended, left] = first ? [one, other] : [other, one]
      await remove(connector, ended)
      expect(await canUse(left)).toBe(true)
      expect(await seen(connector, left)).toMatchObject({ present: true })
      expect(await seen(connector, ended)).toMatchObject({ present: false })
      await remove(connector, left)
      expect(await canUse(left)).toBe(false)
    }
  })

  test('[B19] grants given and taken at once do not get into each other’s way', async () => {
    const { connector, freshSpec, canUse, snapshot } = given()
    const before = await snapshot()
    const specs = await Promise.all([freshSpec(), freshSpec(), freshSpec(), freshSpec()])
    const withAccounts = await snapshot()
    const applied = await Promise.all(specs.map((spec) => connector.apply(spec)))
    expect(applied.map(({ outcome }) => outcome)).toEqual(specs.map(() => 'done'))
    for (const spec of specs) expect(await canUse(spec)).toBe(true)
    const revoked = await Promise.all(specs.map((spec) => connector.revoke(spec)))
    expect(revoked.map(({ outcome }) => outcome)).toEqual(specs.map(() => 'done'))
    expect(await snapshot()).toEqual(withAccounts)
    expect(before).not.toEqual(withAccounts)
  })

  test('[B19] standing access that others gave is reported, and stays', async (context) => {
    const { connector, freshSpec, canUse, giveStanding } = given()
    const spec = await freshSpec()
    const undo = await offered(giveStanding, context)(spec)
    await connector.apply(spec)
    expect((await seen(connector, spec)).differs).not.toEqual([])
    expect(await connector.revoke(spec)).toMatchObject({ outcome: 'done' })
    expect(await canUse(spec)).toBe(true)
    expect((await holdings(connector, spec)).filter(({ account }) => account === spec.account)).not.toEqual([])
    await undo()
    expect(await canUse(spec)).toBe(false)
    await connector.endSessions(spec)
  })
}

function sessions(given: Given): void {
  test('[revocation/verified] [B19] a session open at removal is seen, ended, and read back as gone', async () => {
    const { connector, freshSpec, openSession } = given()
    const spec = await freshSpec()
    await connector.apply(spec)
    const session = await openSession(spec)
    expect(await session.stillUses()).toBe(true)
    expect((await seen(connector, spec)).sessions).toMatchObject([{ account: spec.account }])
    await connector.revoke(spec)
    const after = await seen(connector, spec)
    expect(after).toMatchObject({ present: false, sessions: [{ account: spec.account }] })
    expect(await seen(connector, spec)).toEqual(after)
    expect(await connector.endSessions(spec)).toEqual({ outcome: 'done', value: { ended: 1 } })
    expect(await session.isOpen()).toBe(false)
    expect(await session.stillUses()).toBe(false)
    expect((await seen(connector, spec)).sessions).toEqual([])
    await session.close()
  })

  test('a session opened after the removal is left alone', async () => {
    const { connector, freshSpec, freshGrant, openSession } = given()
    const spec = await freshSpec()
    await connector.apply(spec)
    await connector.revoke(spec)
    const later = { ...spec, grant: freshGrant() }
    await connector.apply(later)
    const session = await openSession(later)
    expect((await seen(connector, spec)).sessions).toEqual([])
    expect(await connector.endSessions(spec)).toEqual({ outcome: 'done', value: { ended: 0 } })
    expect(await session.stillUses()).toBe(true)
    await session.close()
    await remove(connector, later)
  })

  test('[B19] what was left behind is seen, also after the removal, until it is gone', async (context) => {
    const { connector, freshSpec, plantResidue } = given()
    const spec = await freshSpec()
    await connector.apply(spec)
    const undo = await offered(plantResidue, context)(spec)
    await connector.revoke(spec)
    await connector.endSessions(spec)
    const left = await seen(connector, spec)
    expect(left).toMatchObject({ present: false, sessions: [] })
    expect(left.residue).not.toEqual([])
    expect(await seen(connector, spec)).toEqual(left)
    await undo()
    await remove(connector, spec)
    expect((await seen(connector, spec)).residue).toEqual([])
  })
}

function looking(given: Given): void {
  test('[terms/digest] what an entitlement contains is plain JSON, the same each time', async () => {
    const { connector, freshSpec } = given()
    const spec = await freshSpec()
    const first = value(await connector.describe(spec))
    expect(JSON.parse(JSON.stringify(first.contains))).toEqual(first.contains)
    expect(first.summary.length).toBeGreaterThan(0)
    await connector.apply(spec)
    expect(value(await connector.describe(spec))).toEqual(first)
    await remove(connector, spec)
    expect(value(await connector.describe(spec))).toEqual(first)
  })

  test('[B09] an entitlement that was widened is another one', async (context) => {
    const { connector, freshSpec, widen } = given()
    const spec = await freshSpec()
    const first = value(await connector.describe(spec))
    const undo = await offered(widen, context)(spec)
    expect(value(await connector.describe(spec)).contains).not.toEqual(first.contains)
    await undo()
    expect(value(await connector.describe(spec))).toEqual(first)
  })

  test('[B19] what somebody changed behind our back is said, and applying puts it right', async (context) => {
    const { connector, freshSpec, tamper } = given()
    const spec = await freshSpec()
    await connector.apply(spec)
    const undo = await offered(tamper, context)(spec)
    expect((await seen(connector, spec)).differs).not.toEqual([])
    await connector.apply(spec)
    await undo()
    expect((await seen(connector, spec)).differs).toEqual([])
    await remove(connector, spec)
  })

  test('[drift/found] the inventory names what is ours by its grant and its end, while it is there', async () => {
    const { connector, freshSpec } = given()
    const spec = await freshSpec()
    const ours = async () => (await holdings(connector, spec)).filter(({ grant }) => grant === spec.grant)
    expect(await ours()).toEqual([])
    await connector.apply(spec)
    const held = await ours()
    expect(held.length).toBeGreaterThan(0)
    for (const { account, entitlement, holds, until = spec.until } of held)
      expect({ account, entitlement, holds, until }).toEqual({
        account: spec.account,
        entitlement: 'asked',
        holds: expect.stringMatching(/\S/),
        until: spec.until,
      })
    expect(await ours()).toEqual(held)
    await remove(connector, spec)
    expect(await ours()).toEqual([])
  })

  test('[drift/found] the inventory tells what others gave beside a grant, and after it, until they take it', async (context) => {
    const { connector, freshSpec, giveStanding } = given()
    const spec = await freshSpec()
    const besides = async () =>
      (await holdings(connector, spec)).filter(({ account, grant }) => account === spec.account && grant === undefined)
    await connector.apply(spec)
    expect(await besides()).toEqual([])
    const undo = await offered(giveStanding, context)(spec)
    const beside = await besides()
    expect(beside).not.toEqual([])
    await remove(connector, spec)
    expect(await besides()).toEqual(beside)
    await undo()
    expect(await besides()).toEqual([])
  })

  test('[drift/found] the inventory tells an end that was moved on the target, where it keeps ends', async (context) => {
    const { connector, freshSpec, tamper } = given()
    const spec = await freshSpec()
    await connector.apply(spec)
    const keepsEnds = (await holdings(connector, spec)).some(({ grant, until }) => grant === spec.grant && until)
    const undo = await offered(tamper, context)(spec)
    const ends = (await holdings(connector, spec)).flatMap(({ grant, until }) => (grant === spec.grant ? [until] : []))
    expect(ends.some((until) => until === 'never' || (until !== undefined && until > spec.until))).toBe(keepsEnds)
    await undo()
    await remove(connector, spec)
  })

  test('[drift/found] [B02] the inventory tells another account that was let into a grant, by its own name', async (context) => {
    const { connector, freshSpec, letIn } = given()
    const spec = await freshSpec()
    await connector.apply(spec)
    const { account, undo } = await offered(letIn, context)(spec)
    const others = async () => (await holdings(connector, spec)).filter((one) => one.account === account)
    expect(await others()).toContainEqual(expect.objectContaining({ grant: spec.grant }))
    await undo()
    expect(await others()).toEqual([])
    await remove(connector, spec)
  })

  test('[drift/found] [B07] of an entitlement that cannot be found nothing is said but that', async () => {
    const { connector, freshSpec } = given()
    const { target, resources, actions } = await freshSpec()
    const wrong = { entitlement: 'wrong', target, resources: ['no-such-thing'], actions }
    const { holdings: held, unread } = value(
      await connector.inventory([{ entitlement: 'right', target, resources, actions }, wrong]),
    )
    expect(held.filter(({ entitlement }) => entitlement === 'wrong')).toEqual([])
    for (const { entitlement, reason } of unread)
      expect([entitlement, reason]).toEqual(['wrong', expect.stringMatching(/\S/)])
    expect(value(await connector.inventory([])).unread).toEqual([])
  })

  test('activity is a list, or an honest no', async () => {
    const { connector, freshSpec } = given()
    const spec = await freshSpec()
    const outcome = await connector.activity(spec, '2020-01-01T00:00:00.000Z')
    if (outcome.outcome === 'done') expect(Array.isArray(outcome.value)).toBe(true)
    else expect(outcome).toMatchObject({ outcome: 'not-done', reason: expect.stringMatching(/\S/) })
  })

  test('a connector says what it does not know', () => {
    const { nature } = given().connector
    expect(nature.probe).toMatch(/\S/)
    expect(nature.endSessionsSecondsMax).toBeGreaterThanOrEqual(0)
    expect(nature.timeoutMillis).toBeGreaterThan(0)
    expect(nature.residueNotSeen.length + nature.residueSeen.length).toBeGreaterThan(0)
  })
}

function naming(given: Given): void {
  test.each(hostileNames)('[B13] the name %j is data, byte for byte', async (account) => {
    const { connector, specNamed, canUse, snapshot } = given()
    const spec = await specNamed(account)
    const before = await snapshot()
    if (spec === 'cannot-exist') return refusesName(given(), account)
    expect(await connector.apply(spec)).toMatchObject({ outcome: 'done' })
    expect(await canUse(spec)).toBe(true)
    expect(await seen(connector, spec)).toMatchObject({ present: true, differs: [] })
    await remove(connector, spec)
    expect(await canUse(spec)).toBe(false)
    expect(await snapshot()).toEqual(before)
  })

  test.each(impossibleNames)('[B13] the name %j is refused', async (account) => refusesName(given(), account))

  test('[B13] a name that only looks like another gets nothing when the other does', async () => {
    const { connector, specNamed, canUse } = given()
    const [one, other] = [await specNamed('cl\u00e9o'), await specNamed('cle\u0301o')]
    if (one === 'cannot-exist' || other === 'cannot-exist') return
    await connector.apply(one)
    expect([await canUse(one), await canUse(other)]).toEqual([true, false])
    await remove(connector, one)
  })
}

async function refusesName({ connector, freshSpec, snapshot }: AccessHarness, account: string): Promise<void> {
  const spec = { ...(await freshSpec()), account }
  const before = await snapshot()
  expect(await connector.apply(spec)).toMatchObject({ outcome: 'not-done' })
  expect(await snapshot()).toEqual(before)
}

function failing(given: Given): void {
  for (const kind of ['unreachable', 'silent'] as const) {
    test(`[fail/closed] [B07] a target that is ${kind}: every method answers in time, and none says done`, async (context) => {
      const harness = given()
      const connector = offered(harness[kind], context)
      const spec = await harness.freshSpec()
      const calls = [
        () => connector.describe(spec),
        () => connector.apply(spec),
        () => connector.revoke(spec),
        () => connector.observe(spec),
        () => connector.endSessions(spec),
        () => connector.inventory([{ ...spec, entitlement: 'asked' }]),
        () => connector.activity(spec, '2020-01-01T00:00:00.000Z'),
      ]
      const outcomes = await Promise.all(calls.map((call) => inTime(connector, call)))
      for (const outcome of outcomes) expect(['not-done', 'unknown']).toContain(outcome)
    })
  }

  test('[B10] a change lost on its way is not claimed, and observing tells', async (context) => {
    const { connector, freshSpec, cutLine, canUse } = given()
    const line = offered(cutLine, context)
    const spec = await freshSpec()
    line.cutBefore()
    expect(['not-done', 'unknown']).toContain((await line.connector.apply(spec)).outcome)
    expect(await seen(connector, spec)).toMatchObject({ present: false })
    await connector.apply(spec)
    line.cutBefore()
    expect(['not-done', 'unknown']).toContain((await line.connector.revoke(spec)).outcome)
    expect(await seen(connector, spec)).toMatchObject({ present: true })
    expect(await canUse(spec)).toBe(true)
    await remove(line.connector, spec)
  })

  test('[B10] a change that happened while its answer was lost is unknown, never "not done", and observing tells', async (context) => {
    const { connector, freshSpec, cutLine, canUse } = given()
    const line = offered(cutLine, context)
    const spec = await freshSpec()
    line.cutAfter()
    expect(await line.connector.apply(spec)).toMatchObject({ outcome: 'unknown' })
    expect(await seen(connector, spec)).toMatchObject({ present: true, differs: [] })
    line.cutAfter()
    expect(await line.connector.revoke(spec)).toMatchObject({ outcome: 'unknown' })
    expect(await seen(connector, spec)).toMatchObject({ present: false })
    expect(await canUse(spec)).toBe(false)
    await remove(line.connector, spec)
  })
}

async function inTime(connector: AccessConnector, call: () => Promise<Outcome<unknown>>): Promise<string> {
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(() => resolve('too late'), connector.nature.timeoutMillis + 1_000)
  try {
    return await Promise.race([late, call().then(({ outcome }) => outcome)])
  } finally {
    clearTimeout(timer)
  }
}

async function remove(connector: AccessConnector, spec: GrantSpec): Promise<void> {
  expect(await connector.revoke(spec)).toMatchObject({ outcome: 'done' })
  expect(await connector.endSessions(spec)).toMatchObject({ outcome: 'done' })
  expect(await seen(connector, spec)).toMatchObject({ present: false, sessions: [] })
}

async function seen(connector: AccessConnector, spec: GrantSpec): Promise<Observation> {
  return value(await connector.observe(spec))
}

/** Who has what the spec asks for, or part of it. */
async function holdings(connector: AccessConnector, { target, resources, actions }: GrantSpec) {
  const { holdings: held, unread } = value(
    await connector.inventory([{ entitlement: 'asked', target, resources, actions }]),
  )
  expect(unread).toEqual([])
  return held
}

function value<Value>(outcome: Outcome<Value>): Value {
  if (outcome.outcome !== 'done') throw new Error(`expected done, got ${outcome.outcome}: ${outcome.reason}`)
  return outcome.value
}

function offered<Feature extends object>(feature: Optional<Feature>, context: TestContext): Feature {
  if ('notApplicable' in feature) return context.skip(feature.notApplicable)
  return feature
}
