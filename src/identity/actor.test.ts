import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ResolveAccount } from './account.ts'
import type { IssuerConfigInput } from './config.ts'
import {
  bearer,
  issuerConfig,
  type MadeUpIssuer,
  madeUpIssuer,
  nowSeconds,
  problemIn,
  verifierOf,
} from './made-up-issuer.contract.ts'

let acme: MadeUpIssuer
beforeAll(async () => {
  acme = await madeUpIssuer()
})
afterAll(() => acme.close())

async function outcomeOf(
  claims: Record<string, unknown>,
  more: Partial<IssuerConfigInput> = {},
  resolve?: ResolveAccount,
) {
  return verifierOf([issuerConfig(acme.issuer, more)], resolve).authenticate(bearer(await acme.sign(claims)))
}

async function actorIn(claims: Record<string, unknown>, more: Partial<IssuerConfigInput> = {}) {
  const outcome = await outcomeOf(claims, more)
  if ('problem' in outcome) throw new Error(outcome.message)
  return outcome.actor
}

const instant = (seconds: number) => new Date(seconds * 1000).toISOString()

describe('[B16] a sign-in that may decide', () => {
  test('is one of a decision client, at the moment the issuer says', async () => {
    expect((await actorIn({})).signedInAt).toBe(instant(nowSeconds - 20))
  })

  test('is passed on as old as it is; its age is judged with the decision', async () => {
    const aWeekAgo = nowSeconds - 7 * 86_400
    expect((await actorIn({ auth_time: aWeekAgo })).signedInAt).toBe(instant(aWeekAgo))
  })

  test.each([
    ['from a client that does not decide, such as the one of the device flow', { client_id: 'countersign-cli' }],
    ['from a client with a name alike', { client_id: 'Countersign-Decide' }],
    ['from no client at all', { client_id: undefined }],
    ['at a moment the issuer does not say', { auth_time: undefined }],
    ['of a workload', { sub: 'builder' }],
    ['of a workload that acts for a person', { act: { sub: 'planner' } }],
    ['of a person who acts for another', { sub: 'jo', act: { sub: 'maria' } }],
  ])('is none %s', async (_, claims) => {
    expect(await actorIn(claims)).not.toHaveProperty('signedInAt')
  })

  test('no client decides unless it is listed', async () => {
    expect(await actorIn({}, { decisionClients: [] })).not.toHaveProperty('signedInAt')
  })

  test('the client may be named by `azp`, and both names must agree', async () => {
    expect((await actorIn({ client_id: undefined, azp: 'countersign-decide' })).signedInAt).toBeDefined()
    expect(problemIn(await outcomeOf({ azp: 'countersign-cli' }))).toBe('token-malformed')
    expect(problemIn(await outcomeOf({ client_id: ['countersign-decide'] }))).toBe('token-malformed')
  })

  test('other issuers name client and moment by other claims', async () => {
    const more = { clientClaims: ['cid'], authTimeClaim: 'https://acme.example/auth_time' }
    const claims = { client_id: undefined, cid: 'countersign-decide', 'https://acme.example/auth_time': nowSeconds - 5 }
    expect((await actorIn(claims, more)).signedInAt).toBe(instant(nowSeconds - 5))
    expect(await actorIn({}, more)).not.toHaveProperty('signedInAt')
  })

  test('where a strength is asked for, it must be there', async () => {
    const more = { decisionAcrValues: ['phr'] }
    expect(await actorIn({}, more)).not.toHaveProperty('signedInAt')
    expect(await actorIn({ acr: 'pwd' }, more)).not.toHaveProperty('signedInAt')
    expect((await actorIn({ acr: 'phr' }, more)).signedInAt).toBeDefined()
  })

  test.each([nowSeconds + 60, -1, 1.5, String(nowSeconds), null])(
    'a moment that cannot be is no moment: %j',
    async (auth_time) => {
      expect(problemIn(await outcomeOf({ auth_time }))).toBe('token-malformed')
    },
  )
})

describe('[agent/owner-counts] [B22] delegation', () => {
  test('whoever acts is the actor, and everyone behind stands in the chain, outermost first', async () => {
    const act = { sub: 'runner', act: { sub: 'planner', act: { sub: 'builder' } } }
    const outcome = await outcomeOf({ sub: 'maria', act })
    expect(outcome).toEqual({
      actor: { id: 'wl_runner', chain: ['per_maria', 'wl_builder', 'wl_planner'] },
      issuer: 'acme',
      subject: 'maria',
      account: { on: 'acme', login: 'runner' },
    })
  })

  test.each([
    ['the current actor is', { sub: 'ghost' }],
    ['an earlier actor is', { sub: 'runner', act: { sub: 'ghost' } }],
    ['the first of three is', { sub: 'runner', act: { sub: 'planner', act: { sub: 'ghost' } } }],
    ['an actor is disputed and', { sub: 'runner', act: { sub: 'disputed' } }],
    ['an actor without a name is', { sub: 'runner', act: { client_id: 'planner' } }],
    ['an actor of an issuer that is not configured is', { sub: 'runner', iss: 'https://elsewhere.example' }],
  ])('%s unresolved, so nobody is let in', async (_, act) => {
    expect(problemIn(await outcomeOf({ act }))).toBe('delegation-unresolved')
  })

  test('an unknown subject behind a known actor is unresolved too', async () => {
    expect(problemIn(await outcomeOf({ sub: 'ghost', act: { sub: 'runner' } }))).toBe('delegation-unresolved')
  })

  test.each([null, 'runner', [{ sub: 'runner' }], 7])('a chain that is no chain is refused: %j', async (act) => {
    expect(problemIn(await outcomeOf({ act }))).toBe('token-malformed')
    expect(problemIn(await outcomeOf({ act: { sub: 'runner', act } }))).toBe('token-malformed')
  })

  test('a chain too long to be real is refused, never cut', async () => {
    const chain = (length: number): object =>
      length === 1 ? { sub: 'runner' } : { sub: 'runner', act: chain(length - 1) }
    expect((await actorIn({ act: chain(16) })).chain).toHaveLength(16)
    expect(problemIn(await outcomeOf({ act: chain(17) }))).toBe('delegation-unresolved')
  })

  test('an unconfirmed account counts against its person at once, and never lets anybody act', async () => {
    expect((await actorIn({ sub: 'unconfirmed', act: { sub: 'runner' } })).chain).toEqual(['per_maria'])
    expect(problemIn(await outcomeOf({ sub: 'maria', act: { sub: 'unconfirmed' } }))).toBe('account-unconfirmed')
  })

  test('[B13] an issuer speaks for the accounts of another only where that is configured', async () => {
    const other = await madeUpIssuer()
    const token = await acme.sign({ act: { iss: other.issuer, sub: 'runner' } })
    const outcome = (actorIssuers: string[]) =>
      verifierOf([
        issuerConfig(acme.issuer, { actorIssuers }),
        issuerConfig(other.issuer, { key: 'other' }),
      ]).authenticate(bearer(token))
    await other.close()
    expect(problemIn(await outcome([]))).toBe('delegation-unresolved')
    expect(await outcome(['other'])).toMatchObject({ actor: { id: 'wl_other-runner', chain: ['per_maria'] } })
  })
})

describe('[independence/unknown-is-not-independent] whose account it is', () => {
  test('[B02] is compared byte by byte', async () => {
    for (const sub of ['Maria', 'maria ', ' maria', 'mar\u0131a', 'maria\u200b', 'm\u0430ria', 'maria@acme.example']) {
      expect(problemIn(await outcomeOf({ sub }))).toBe('account-unknown')
    }
  })

  test.each([
    ['disputed', 'account-contradictory'],
    ['unconfirmed', 'account-unconfirmed'],
    ['ghost', 'account-unknown'],
  ])("an account that is %s is nobody's", async (sub, problem) => {
    expect(problemIn(await outcomeOf({ sub }))).toBe(problem)
  })

  test.each(['', 7, null, ['maria'], undefined, 'm'.repeat(600)])(
    'a subject that is no name is refused: %j',
    async (sub) => {
      expect(problemIn(await outcomeOf({ sub }))).toBe('token-malformed')
    },
  )

  test('a client that calls itself like a person is not that person', async () => {
    expect(problemIn(await outcomeOf({ sub: 'maria', client_id: 'maria' }))).toBe('client-posing-as-person')
    expect((await actorIn({ sub: 'builder', client_id: 'builder' })).id).toBe('wl_builder')
  })

  test('a directory that calls it both a person and a workload is not believed', async () => {
    const both = () => ({ person: 'per_maria', workload: 'wl_runner', confirmed: true, conflicting: [] })
    expect(problemIn(await outcomeOf({}, {}, both))).toBe('account-contradictory')
  })

  test('[fail/closed] [B07] without a directory nobody is let in', async () => {
    const outcome = await outcomeOf({}, {}, () => undefined)
    expect(outcome).toMatchObject({ problem: 'directory-unavailable', kind: 'unavailable' })
    expect(problemIn(await outcomeOf({ act: { sub: 'runner' } }, {}, () => undefined))).toBe('directory-unavailable')
    const broken = () => Promise.reject(new Error('connection lost'))
    await expect(outcomeOf({}, {}, broken)).rejects.toThrow('connection lost')
  })
})
