/**
 * A bundle made here is checked with nothing but itself and a key; whatever is bent in it, by whoever made it or by somebody
 * on the way, is found, and the leaf is named where there is one.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PasskeyEvidence } from '../../src/core/signed.ts'
import { plusSeconds } from '../../src/core/time.ts'
import { softwareAuthenticator } from '../../src/demo/authenticator.ts'
import { BundleTooLarge, bundleOf } from '../../src/engine/bundle.ts'
import { noWitnesses } from '../../src/engine/seal/published.ts'
import { why } from '../../src/engine/why.ts'
import { canonicalJson, digestOf } from '../../src/lib/digest.ts'
import { formatVerifierKey, KEY_TYPE, makeSigner } from '../../src/log/index.ts'
import { type Bundle, type BundleVerdict, readBundle, spellBundle, verifyBundle } from '../../src/proof/index.ts'
import { partsVersion } from '../../src/proof/parts/index.ts'
import { challengeOf, decodeBase64url, encodeBase64url, verifyEvidence } from '../../src/signature/index.ts'
import { noon } from '../support/directories.ts'
import { termsFor } from '../support/life.ts'
import { openWorld } from '../support/world.ts'
import { attempt, newSigner, type SealedWorld, sealedWorld, tamper } from './support/sealing.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let it: SealedWorld
let waiver: string
let bundle: Bundle
let text: string

const pinned = () => ({ keys: [it.signer.key], witnesses: [] })
const check = (given: string) => verifyBundle(given, pinned())
const made = async (id: string, options = {}) => {
  const found = await bundleOf(world.store, id, { witnessing: noWitnesses, ...options })
  if (found === undefined || found === 'not-sealed') throw new Error(`no bundle: ${found}`)
  return found
}
const stepOf = ({ steps }: BundleVerdict, name: string) => steps.find((step) => step.name === name)
/** A copy that somebody changed, spelled as it should be. */
const bent = (change: (copy: Bundle) => unknown): string => {
  const copy = structuredClone(bundle)
  change(copy)
  return spellBundle(copy)
}

beforeAll(async () => {
  world = await openWorld()
  it = await sealedWorld(world)
  const asked = await world.must('per_asker', { type: 'request', terms: termsFor() })
  waiver = asked.id
  await attempt(world, waiver)
  await world.handle('per_mate', { type: 'countersign', digest: asked.digest, acknowledges: [] }, waiver)
  const narrowed = { ...asked.terms, window: { start: noon, end: plusSeconds(noon, 3_600) } }
  await world.must('per_sam', { type: 'countersign', digest: asked.digest, narrowed, acknowledges: [] }, waiver)
  await world.must('per_asker', { type: 'activate' }, waiver)
  await world.settle()
  await world.must('per_asker', { type: 'use', detail: 'looked at batch 7' }, waiver)
  await world.after(3_700)
  await world.settle()
  await world.must(
    'per_rae',
    { type: 'review', finding: 'justified', note: 'fits the incident', residueAccepted: [] },
    waiver,
  )
  await it.seal()
  await it.seal()
  bundle = await made(waiver)
  text = spellBundle(bundle)
})
afterAll(() => world.close())

describe('a bundle', () => {
  test('[terms/digest] [four-acts/four-records] proves a whole life to somebody who has only the key', async () => {
    const verdict = await check(text)
    expect(verdict.steps.filter(({ outcome }) => outcome !== 'proven')).toEqual([])
    expect(verdict).toMatchObject({ outcome: 'proven', keyNamedBy: 'verifier', waiver, status: 'reviewed' })
    expect(verdict.steps.map(({ name }) => name)).toEqual([
      'form',
      'key',
      'checkpoint',
      'witnesses',
      'leaves',
      'order',
      'facts',
      'rules',
      'directory',
      'signatures',
      'decisions',
    ])
    const types = verdict.acts?.map(({ type }) => type)
    for (const type of [
      'AttemptRefused',
      'TermsNarrowed',
      'WaiverCountersigned',
      'AccessExpired',
      'RemovalVerified',
      'ReviewClosed',
    ])
      expect(types).toContain(type)
    expect(verdict.names.per_sam).toBeDefined()
  })

  test('decides again by the same code as the server does', async () => {
    const [here, there] = [(await check(text)).acts, (await why(world.app.machinery, waiver))?.acts]
    expect(here).toEqual(there)
  })

  test('says plainly whose key is believed when nobody named one, and is refused under another', async () => {
    const unpinned = await verifyBundle(text, { keys: [], witnesses: [] })
    expect(unpinned).toMatchObject({ outcome: 'proven', keyNamedBy: 'bundle' })
    expect(stepOf(unpinned, 'key')?.detail).toContain("the bundle's own word")
    const stranger = await newSigner()
    const other = await verifyBundle(text, { keys: [stranger.key], witnesses: [] })
    expect(other).toMatchObject({ outcome: 'disproven' })
    expect(stepOf(other, 'key')?.detail).toContain('none of the keys that were given')
  })

  test('is one text: read and spelled again it is the same, however it is formatted it is refused', async () => {
    expect(readBundle(text)).toEqual({ bundle })
    for (const other of [
      JSON.stringify(bundle),
      text.trimEnd(),
      `\ufeff${text}`,
      text.replace('\n', '\r\n'),
      `${text}\n`,
      '',
      'null',
      '[]',
    ])
      expect((await check(other)).steps, other.slice(0, 20)).toMatchObject([{ name: 'form', outcome: 'disproven' }])
    const twice = text.replace(
      '"countersign": "bundle/v1",',
      '"countersign": "bundle/v0",\n  "countersign": "bundle/v1",',
    )
    expect((await check(twice)).steps[0]).toMatchObject({ outcome: 'disproven' })
    const deep = await check(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
    expect(deep.outcome).toBe('disproven')
    expect(await check(text.replace('per_asker', '\\ud800'))).toMatchObject({ outcome: 'disproven' })
  })

  test('has no member that nobody checks', async () => {
    for (const change of [
      (copy: Bundle) => Object.assign(copy, { note: 'trust me' }),
      (copy: Bundle) => Object.assign(copy.log, { owner: 'a bank' }),
      (copy: Bundle) => Object.assign(copy.events[0] ?? {}, { verified: true }),
      (copy: Bundle) => Object.assign(copy.revisions, { [digestOf({ a: 1 })]: { a: 1 } }),
      (copy: Bundle) => copy.support.push(...copy.support.slice(0, 1)),
      (copy: Bundle) => copy.events.push(...copy.support.slice(0, 1)),
      (copy: Bundle) => {
        const [line = ''] = copy.checkpoint.split('\n').filter((one) => one.startsWith('—'))
        copy.checkpoint += `${line.replace(it.signer.key.name, 'somebody.else')}\n`
      },
    ])
      expect((await check(bent(change))).outcome).toBe('disproven')
  })
})

describe('[B23] what was bent on the way is found', () => {
  test('any flipped bit', async () => {
    const bytes = new TextEncoder().encode(text)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const flipped = bytes.with(at, (bytes[at] as number) ^ (1 << bit))
        const verdict = await check(new TextDecoder('utf-8', { ignoreBOM: true }).decode(flipped))
        expect(verdict.outcome).toBe('disproven')
      }),
      { numRuns: 150 },
    )
  })

  test('any value that was changed and spelled well, with the leaf it is in where it is in one', async () => {
    const places = scalars(bundle, [])
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), async (place) => {
        const verdict = await check(bent((copy) => change(copy, place)))
        expect(verdict.outcome, place.join('.')).toBe('disproven')
        const index = place[0] === 'events' && place[2] !== 'index' ? bundle.events[Number(place[1])]?.index : undefined
        if (index !== undefined) expect(verdict.steps.at(-1)).toMatchObject({ index })
      }),
      { numRuns: 150 },
    )
  }, 120_000)

  test('an event taken out, put elsewhere, shown twice, or cut off before the end of the rules', async () => {
    const [, second] = bundle.events
    const without = await check(bent((copy) => copy.events.splice(1, 1)))
    expect(without.steps.at(-1)).toMatchObject({ name: 'order', detail: expect.stringContaining('version 2') })
    const swapped = await check(bent((copy) => copy.events.splice(1, 2, ...copy.events.slice(1, 3).reverse())))
    expect(swapped.steps.at(-1)).toMatchObject({ name: 'order', outcome: 'disproven' })
    expect(
      (await check(bent((copy) => copy.events.splice(1, 0, structuredClone(second) as Bundle['events'][number]))))
        .outcome,
    ).toBe('disproven')
    expect((await check(bent((copy) => copy.events.shift()))).outcome).toBe('disproven')
    const unfounded = await check(
      bent((copy) =>
        copy.support.splice(
          copy.support.findIndex(({ type }) => type === 'Founded'),
          1,
        ),
      ),
    )
    expect(unfounded.steps.at(-1)).toMatchObject({ name: 'rules', outcome: 'disproven' })
  })

  test('a cut tail of the waiver is a shorter story, told as such', async () => {
    const verdict = await check(bent((copy) => copy.events.splice(-1)))
    // What only the last event rested on is now in there for nothing.
    expect(verdict.outcome).toBe('disproven')
    const shorter = await check(
      bent((copy) => {
        const last = copy.events.pop()
        const facts = last?.body?.facts as { circumstances: string }
        delete copy.revisions[facts.circumstances]
        // Whoever reviewed signed nothing else here.
        copy.support = copy.support.filter(({ stream }) => stream !== `pks_${last?.by}`)
      }),
    )
    expect(shorter).toMatchObject({ outcome: 'proven', status: 'ended' })
    expect(stepOf(shorter, 'order')?.detail).toContain('what came later is not in the bundle')
  })
})

describe('what is missing is said to be missing', () => {
  test('without the enrolments nobody can tell whose passkeys signed', async () => {
    const verdict = await check(
      bent((copy) => {
        copy.support = copy.support.filter(({ stream }) => !stream.startsWith('pks_'))
      }),
    )
    expect(verdict.outcome).toBe('incomplete')
    expect(stepOf(verdict, 'signatures')).toMatchObject({
      outcome: 'incomplete',
      detail: expect.stringContaining('its enrolment is not here'),
    })
  })

  test('a confirmation that is cut off is a passkey that was not in force', async () => {
    const verdict = await check(
      bent((copy) => {
        const at = copy.support.findLastIndex(
          ({ stream, type }) => stream === 'pks_per_sam' && type === 'PasskeyConfirmed',
        )
        copy.support.splice(at, 1)
      }),
    )
    expect(verdict.steps.at(-1)).toMatchObject({ name: 'signatures', outcome: 'disproven' })
  })

  test('without who is who nothing is decided again, and nothing is proven', async () => {
    const verdict = await check(spellBundle(await made(waiver, { withoutDirectory: true })))
    expect(verdict.outcome).toBe('incomplete')
    expect(stepOf(verdict, 'decisions')).toMatchObject({ outcome: 'incomplete' })
    expect(stepOf(verdict, 'leaves')).toMatchObject({ outcome: 'proven' })
  })

  test('an erased body leaves its leaf, and what follows from it unknown', async () => {
    const { id } = await world.must('per_asker', { type: 'request', terms: termsFor({ window: window(100) }) })
    await attempt(world, id)
    await it.seal()
    await world.query(
      `update event_bodies set body = null where event = (select id from events where stream = $1 and version = 1)`,
      [id],
    )
    const verdict = await check(spellBundle(await made(id)))
    expect(verdict.outcome).toBe('incomplete')
    expect(stepOf(verdict, 'leaves')?.detail).toContain('1 the body was erased')
  })

  test('a waiver whose newest event has no leaf yet has no bundle yet', async () => {
    const { id } = await world.must('per_asker', { type: 'request', terms: termsFor({ window: window(200) }) })
    expect(await bundleOf(world.store, id, { witnessing: noWitnesses })).toBe('not-sealed')
    expect(await bundleOf(world.store, 'wvr_nothing', { witnessing: noWitnesses })).toBeUndefined()
  })

  test('witnesses that are required and did not sign leave it incomplete', async () => {
    const { key } = await makeSigner('witness.example', KEY_TYPE.cosignature, new Uint8Array(32).fill(7))
    const verdict = await verifyBundle(text, { ...pinned(), witnesses: [key] })
    expect(verdict.steps.find(({ name }) => name === 'witnesses')).toMatchObject({ outcome: 'incomplete' })
    const asRequired = await made(waiver, { witnessing: { witnesses: [key], required: 0 } })
    expect((await check(spellBundle(asRequired))).outcome).toBe('proven')
  })
})

/** Whoever has the key of the log can seal what they like; that it follows is another matter. */
describe('[B09] [B17] what the operator of the log made up does not follow', () => {
  /** Writes an event as the engine would have, with whatever body, and seals it properly. */
  async function forge(id: string, version: number, body: Record<string, unknown>): Promise<string> {
    const salt = Buffer.alloc(16, version)
    const { createHash } = await import('node:crypto')
    const hash = `sha256:${createHash('sha256').update(salt).update(canonicalJson(body)).digest('hex')}`
    const event = `evt_${id.slice(4)}.${version}`
    await world.query(
      `with made as (insert into events (id, stream, version, type, at, actor, body_hash) values ($1, $2, $3, $4, $5, $6, $7) returning seq, id),
            bodies as (insert into event_bodies (event, salt, body) select id, $8, $9 from made)
       insert into unsequenced select seq from made`,
      [event, id, version, body.type, body.at, body.by, hash, salt, canonicalJson(body)],
    )
    return event
  }
  const bodyOf = async (id: string, type: string) => {
    const found = (await world.store.waivers.events(id)).find((event) => event.type === type)
    if (found === undefined) throw new Error(`no ${type}`)
    return found.body as Record<string, unknown> & {
      facts: { circumstances: string; policy: string; directory: string }
    }
  }
  const verdictOn = async (id: string) => {
    await it.seal()
    return check(spellBundle(await made(id)))
  }
  const asked = async (hour: number) =>
    (await world.must('per_asker', { type: 'request', terms: termsFor({ window: window(hour) }) })).id

  test('a countersignature by a team mate, with a verdict that says independent', async () => {
    const { passkey: _, ...signed } = await bodyOf(waiver, 'WaiverCountersigned')
    const id = await asked(300)
    const { facts } = await bodyOf(id, 'WaiverRequested')
    const verdict = { ...(signed.verdict as object), person: 'per_mate' }
    const event = await forge(id, 2, { ...signed, by: 'per_mate', at: world.now, facts, verdict })
    const said = await verdictOn(id)
    expect(said.steps.at(-1)).toMatchObject({
      name: 'decisions',
      outcome: 'disproven',
      detail: expect.stringContaining(event),
    })
    expect(said.steps.at(-1)?.index).toBe(String((await world.store.waivers.events(id))[1]?.position))
  })

  test('a countersignature under a key of the operator’s own', async () => {
    const signed = await bodyOf(waiver, 'WaiverCountersigned')
    const id = await asked(350)
    const { facts } = await bodyOf(id, 'WaiverRequested')
    const event = await forge(id, 2, { ...signed, at: world.now, facts, passkey: await ownSignature(signed, id) })
    const said = await verdictOn(id)
    expect(said.steps.at(-1)).toMatchObject({
      name: 'signatures',
      outcome: 'disproven',
      detail: `\`${event}\`: the passkey it is signed with was not in force`,
    })
  })

  test('terms that were recorded under the digest of other terms', async () => {
    const id = await asked(400)
    const request = await bodyOf(id, 'WaiverRequested')
    const circumstances = (await world.store.revisions.circumstances(request.facts.circumstances)) as {
      command: { terms: { reason: string } }
    }
    // What was shown had another reason; its digest stays.
    const other = structuredClone(circumstances)
    other.command.terms.reason = 'something else entirely'
    const digest = digestOf(other)
    await world.query(`insert into revisions (digest, kind, content) values ($1, 'circumstances', $2)`, [
      digest,
      Buffer.concat([Buffer.of(0), Buffer.from(canonicalJson(other))]),
    ])
    const terms = { ...(request.terms as object), reason: 'something else entirely' }
    const forged = `wvr_${'f'.repeat(26)}`
    await forge(forged, 1, { ...request, terms, facts: { ...request.facts, circumstances: digest } })
    const said = await verdictOn(forged)
    expect(said.steps.at(-1)).toMatchObject({
      name: 'decisions',
      outcome: 'disproven',
      detail: expect.stringContaining('the terms have the digest'),
    })
  })

  test('rules that nobody put into force, in whose favour everything follows', async () => {
    const id = await asked(500)
    const request = await bodyOf(id, 'WaiverRequested')
    const rules = {
      ...((await world.store.revisions.content(request.facts.policy)) as object),
      founders: ['per_asker'],
    }
    const digest = digestOf(rules)
    await world.query(`insert into revisions (digest, kind, content) values ($1, 'policy', $2)`, [
      digest,
      Buffer.concat([Buffer.of(0), Buffer.from(canonicalJson(rules))]),
    ])
    const forged = `wvr_${'g'.repeat(26)}`
    await forge(forged, 1, { ...request, policy: digest, facts: { ...request.facts, policy: digest } })
    const said = await verdictOn(forged)
    expect(stepOf(said, 'rules')).toMatchObject({ outcome: 'incomplete' })
    expect(stepOf(said, 'decisions')).toMatchObject({
      outcome: 'disproven',
      detail: expect.stringContaining('never put into force'),
    })
  })

  test('[B20] a decision that was let happen before its rules were in force', async () => {
    const verdict = await check(
      bent((copy) => {
        const founded = copy.support.filter(({ stream }) => stream === 'founding')
        for (const event of founded) event.index = String(BigInt(event.index) + 1_000n)
      }),
    )
    expect(verdict.outcome).toBe('disproven')
  })

  test('facts the core cannot even read', async () => {
    const id = await asked(600)
    const request = await bodyOf(id, 'WaiverRequested')
    const digest = digestOf({ command: { type: 'request', terms: 7 } })
    await world.query(`insert into revisions (digest, kind, content) values ($1, 'circumstances', $2)`, [
      digest,
      Buffer.concat([Buffer.of(0), Buffer.from('{"command":{"terms":7,"type":"request"}}')]),
    ])
    const forged = `wvr_${'h'.repeat(26)}`
    await forge(forged, 1, { ...request, facts: { ...request.facts, circumstances: digest } })
    expect((await verdictOn(forged)).steps.at(-1)).toMatchObject({ name: 'decisions', outcome: 'disproven' })
  })

  test('a row that was edited after it was sealed gives no bundle that holds', async () => {
    await tamper(
      world,
      `update event_bodies set body = replace(body, 'looked at batch 7', 'looked away') where body like '%looked at batch 7%'`,
    )
    const verdict = await check(spellBundle(await made(waiver)))
    expect(verdict.steps.at(-1)).toMatchObject({ name: 'leaves', outcome: 'disproven', index: expect.any(String) })
  })
})

test('the key in the bundle is the one that is served', () => {
  expect(bundle.log.key).toBe(formatVerifierKey(it.signer.key))
})

function window(hour: number) {
  const start = plusSeconds(noon, hour * 3_600)
  return { start, end: plusSeconds(start, 3_600) }
}

type Place = readonly (string | number)[]

/** Where every text and number of a value stands. */
function scalars(value: unknown, at: Place): Place[] {
  if (typeof value !== 'object' || value === null) return [at]
  return Object.entries(value).flatMap(([key, member]) =>
    scalars(member, [...at, Array.isArray(value) ? Number(key) : key]),
  )
}

function change(copy: Bundle, place: Place): void {
  let holder = copy as unknown as Record<string | number, unknown>
  for (const key of place.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>
  const last = place.at(-1) as string | number
  const value = holder[last]
  holder[last] =
    typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : value === null ? 0 : `${value}x`
}

/** Holds by itself: a real signature over the right statement, by a key that nobody confirmed. */
async function ownSignature({ passkey }: Record<string, unknown>, about: string): Promise<PasskeyEvidence> {
  const real = passkey as PasskeyEvidence
  const { relyingParty, origin, nonce } = real
  const statement = { ...real.statement, about }
  const authenticator = softwareAuthenticator()
  const { id: credential, attestation } = authenticator.create({ challenge: 'AAAA', relyingParty, origin })
  const challenge = encodeBase64url(await challengeOf(decodeBase64url(nonce) ?? new Uint8Array(), statement))
  const assertion = authenticator.get({ challenge, relyingParty, origin, credentials: [credential] })
  const made = decodeBase64url(attestation) ?? new Uint8Array()
  const evidence = { ...real, ...assertion, statement, publicKey: encodeBase64url(made.slice(-77)) }
  expect(await verifyEvidence(evidence)).toMatchObject({ holds: true })
  return evidence
}

test('[fail/closed] a directory of more facts than a file can hold is refused before any of it is read, and nothing is left out by itself', async () => {
  const { revisions } = world.store
  const directories = new Set<string>()
  for (const digest of Object.keys(bundle.revisions))
    if ((await revisions.directory(digest).catch(() => undefined))?.nodes !== undefined) directories.add(digest)
  expect(directories.size).toBeGreaterThan(0)
  const asked: string[] = []
  const large = (count: number) => ({
    ...world.store,
    revisions: {
      ...revisions,
      async contents(digests: readonly string[]) {
        asked.push(...digests)
        const found = new Map(await revisions.contents(digests))
        const root = { countersign: partsVersion, lists: { nodes: { count, depth: 0, of: ['part'] } }, rest: {} }
        for (const digest of digests) if (directories.has(digest)) found.set(digest, root)
        return found
      },
    },
  })
  const options = { witnessing: noWitnesses }
  await expect(bundleOf(large(300_001), waiver, options)).rejects.toThrow(BundleTooLarge)
  expect(asked).not.toContain('part')
  // Without the directory there is nothing that is too large.
  expect(await bundleOf(large(300_001), waiver, { ...options, withoutDirectory: true })).toMatchObject({ waiver })
})
