// Passkeys from the command line: what there is, a new one, one of somebody else, one that is lost. Keys stay in browsers.
import { describe, expect, test } from 'vitest'
import type { PasskeyView } from '../../src/client/index.ts'
import { type Heard, heard, problem } from './support/context.ts'
import { answersFor, detailAt } from './support/fixtures.ts'

const id = 'psk_01k9m2v7c0q3xw8r5t6y4z1a2b'
const challenge = 'chl_01k9m2v7c0q3xw8r5t6y4z1a2b'
const names = { per_ines: 'Ines Ink', per_omar: 'Omar Out', per_reader: 'Rea Reader' }
const passkey: PasskeyView = {
  id,
  person: 'per_ines',
  name: 'blue \u202ekey',
  state: 'waiting',
  digest: `sha256:${'7f3a91c205de44b1a0c9'.padEnd(64, '0')}`,
  fingerprint: '7f3a 91c2 05de 44b1 a0c9',
  algorithm: 'ES256',
  model: '00000000-0000-0000-0000-000000000000',
  synced: false,
  sample: false,
  enrolledAt: '2026-11-22T12:00:00.000Z',
  confirmBy: '2026-11-29T12:00:00.000Z',
  replaces: false,
  confirmations: [],
}
const inForce: PasskeyView = {
  ...passkey,
  state: 'in-force',
  effectiveAt: '2026-11-22T13:00:00.000Z',
  confirmations: [{ by: 'per_omar', at: '2026-11-22T13:00:00.000Z' }],
}
const answers = {
  ...answersFor(detailAt('requested')),
  '/v1/passkeys': { passkeys: [passkey], names },
  [`/v1/passkeys/${id}`]: { passkey, mayConfirm: true, names },
}

function posts({ sent }: Heard) {
  return sent.filter(({ method }) => method === 'POST').map(({ path, token, body }) => ({ path, token, body }))
}

describe('passkey list', () => {
  test('[B17] says what each waits for, and lets no name hide anything', async () => {
    const ran = await heard(['passkey', 'list', '--waiting'], { answers })
    expect(ran.exit).toBe(0)
    expect(ran.out).toContain('Fingerprint   7f3a 91c2 05de 44b1 a0c9')
    expect(ran.out).toContain('waits to be confirmed by somebody independent')
    expect(ran.out).toContain('blue \\u{202e}key')
    expect(ran.out).not.toContain('\u202e')
  })

  test('says how to get one, and gives programs the document of the API', async () => {
    const none = { ...answers, '/v1/passkeys': { passkeys: [], names } }
    expect((await heard(['passkey', 'list'], { answers: none })).out).toContain('`countersign passkey add`')
    const ran = await heard(['passkey', 'list', '--of', 'per_ines', '--json'], { answers })
    expect(JSON.parse(ran.out)).toEqual({ passkeys: [passkey], names })
  })
})

describe('passkey confirm', () => {
  const own = (state: PasskeyView['state']) => ({
    ...answers,
    '/v1/passkeys': { passkeys: [{ ...inForce, person: 'per_reader', state }], names },
  })

  test.each(['7f3a 91c2 05de 44b1 a0c8', '7f3a', 'per_ines'])(
    '[B02] %j is another one: nothing is confirmed',
    async (text) => {
      const ran = await heard(['passkey', 'confirm', id, '--fingerprint', text], { answers: own('in-force') })
      expect(ran.exit).toBe(2)
      expect(ran.err).toContain('do not confirm it')
      expect(posts(ran)).toEqual([])
    },
  )

  test('is signed in the browser by whoever has a passkey', async () => {
    const ran = await heard(['passkey', 'confirm', id, '--fingerprint', '7F3A91C205DE44B1A0C9', '--json'], {
      answers: {
        ...own('in-force'),
        [`/v1/passkeys/${id}/challenges`]: { id: challenge, url: `https://countersign.test/sign/${challenge}` },
        [`/v1/challenges/${challenge}`]: { id: challenge, state: 'answered', outcome: { outcome: 'accepted' } },
      },
    })
    expect(ran).toMatchObject({ exit: 0, signIns: 0 })
    expect(ran.err).toContain(`https://countersign.test/sign/${challenge}`)
    expect(posts(ran)).toEqual([
      { path: `/v1/passkeys/${id}/challenges`, token: 'reading', body: { digest: passkey.digest } },
    ])
  })

  test('takes a sign-in of its own from whoever has none', async () => {
    const ran = await heard(['passkey', 'confirm', id, '--fingerprint', passkey.fingerprint], {
      answers: {
        ...own('waiting'),
        [`/v1/passkeys/${id}/confirmation`]: { passkey: inForce, mayConfirm: false, names },
      },
    })
    expect(ran).toMatchObject({ exit: 0, signIns: 1 })
    expect(posts(ran)).toEqual([
      { path: `/v1/passkeys/${id}/confirmation`, token: 'fresh', body: { digest: passkey.digest } },
    ])
    expect(ran.out).toContain('by Omar Out')
  })
})

test('passkey remove says what is gone, and why it is not', async () => {
  const removed = {
    ...passkey,
    state: 'removed',
    removed: { by: 'per_reader', at: inForce.effectiveAt, reason: 'lost' },
  }
  const words = ['passkey', 'remove', id, '--reason', 'lost']
  const ran = await heard(words, {
    answers: { ...answers, [`/v1/passkeys/${id}/removal`]: { passkey: removed, mayConfirm: false, names } },
  })
  expect(ran.exit).toBe(0)
  expect(posts(ran)).toMatchObject([{ path: `/v1/passkeys/${id}/removal`, body: { reason: 'lost' } }])
  expect(ran.out).toContain('by Rea Reader')
  const no = await heard([...words, '--json'], {
    answers: { ...answers, [`/v1/passkeys/${id}/removal`]: problem('not-permitted', 403) },
  })
  expect(no.exit).toBe(3)
})

test('passkey add waits for a while that has a length', async () => {
  const ran = await heard(['passkey', 'add', '--wait-minutes', '0'], { answers })
  expect(ran).toMatchObject({ exit: 2, sent: [] })
})
