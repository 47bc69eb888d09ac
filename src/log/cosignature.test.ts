import { describe, expect, test } from 'vitest'
import { cosign, cosignatureMessage, splitCosignature } from './cosignature.ts'
import { KEY_TYPE, makeSigner, makeVerifierKey, parseSigningKey, parseVerifierKey, type Signer } from './key.ts'
import { addSignature, formatNote, type Note, parseNote, verifyNote } from './note.ts'
import { verifyQuorum } from './quorum.ts'

// Made with github.com/transparency-dev/formats v0.1.1 and golang.org/x/mod/sumdb/note from fixed seeds.
const LOG_KEY = parseVerifierKey('example.com/vector-log+4516a1da+ARGkVJ4QEa2MOOLGBO6i7NVSJ1FQ97tIX+w+Ku0RZ6Em')
const WITNESS_PRIVATE = 'PRIVATE+KEY+witness.example.com/vector+416f103d+BJEX3xv88eoQIKT4E+GkxZcXaJCYlQfi/GJ3NDFmZIW8'
const WITNESS_KEY = parseVerifierKey('witness.example.com/vector+416f103d+BK/QmJFVP3SKJOqAMhFxBQPtylo3sjwWibyFDAlZKK8B')
const TEXT = 'example.com/vector-log\n1234\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n'
const LOG_LINE =
  '— example.com/vector-log RRah2qlLrSlk6J8DA1HmNewppUM15Quhs5cAIb1KjBsV3otVirJTW8AFVsQtJkTW1Zny7GuoAxZpI6bUPcpM68QOIgE=\n'
const WITNESS_LINE =
  '— witness.example.com/vector QW8QPQAAAABqwLUbDdj7sDNRIVjmjYgqFI6y4UJhPg/UAA8J8wAdqSd3q4PedRhkgXA4xFN/Jg5uWn7ZkBA+H/UHQs5d9hITdXmQAA==\n'
const TIME = 1791014171n

describe('cosignature/v1', () => {
  test('signs the message of the specification', () => {
    const checkpoint = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
    expect(new TextDecoder().decode(cosignatureMessage(checkpoint, 1679315147n))).toBe(
      `cosignature/v1\ntime 1679315147\n${checkpoint}`,
    )
  })

  test('verifies what another implementation signed', async () => {
    const note = parseNote(`${TEXT}\n${LOG_LINE}${WITNESS_LINE}`)
    expect(await verifyNote(note, [LOG_KEY, WITNESS_KEY])).toEqual({ signed: true, by: [LOG_KEY, WITNESS_KEY] })
    const votes = [{ key: WITNESS_KEY, timeSeconds: TIME }]
    expect(await verifyQuorum(note, { witnesses: [WITNESS_KEY], required: 1 })).toEqual({ reached: true, votes })
  })

  test('signs as another implementation does', async () => {
    const line = await cosign(TEXT, await parseSigningKey(WITNESS_PRIVATE), TIME)
    expect(formatNote({ text: TEXT, signatures: [line] })).toBe(`${TEXT}\n${WITNESS_LINE}`)
  })

  test('binds text and time', async () => {
    const [line] = parseNote(`${TEXT}\n${WITNESS_LINE}`).signatures
    if (line === undefined) throw new Error('the note has a signature')
    const wrong = { signed: false, fault: 'wrong-signature' }
    const other = { text: TEXT.replace('1234', '1235'), signatures: [line] }
    expect(await verifyNote(other, [WITNESS_KEY])).toMatchObject(wrong)
    for (let at = 0; at < 8; at++) {
      const signature = line.signature.with(at, (line.signature[at] as number) ^ 1)
      expect(await verifyNote({ text: TEXT, signatures: [{ ...line, signature }] }, [WITNESS_KEY])).toMatchObject(wrong)
    }
  })

  test('a plain signature of the same key is no cosignature, nor the other way round', async () => {
    const seed = new Uint8Array(32).fill(3)
    const [plain, witness] = await Promise.all([
      makeSigner('w', KEY_TYPE.ed25519, seed),
      makeSigner('w', KEY_TYPE.cosignature, seed),
    ])
    const line = await cosign(TEXT, witness, TIME)
    expect(await verifyNote({ text: TEXT, signatures: [line] }, [plain.key])).toMatchObject({ fault: 'no-known-key' })
    const relabelled = { ...line, id: plain.key.id }
    expect(await verifyNote({ text: TEXT, signatures: [relabelled] }, [plain.key])).toMatchObject({
      fault: 'wrong-signature',
    })
    await expect(cosign(TEXT, plain, TIME)).rejects.toMatchObject({ reason: 'key-type' })
  })

  test('times end at 2^63-1', async () => {
    const witness = await makeSigner('w', KEY_TYPE.cosignature, new Uint8Array(32))
    for (const time of [0n, 2n ** 63n - 1n]) {
      const note = { text: TEXT, signatures: [await cosign(TEXT, witness, time)] }
      expect(await verifyQuorum(note, { witnesses: [witness.key], required: 1 })).toMatchObject({
        votes: [{ timeSeconds: time }],
      })
    }
    for (const time of [-1n, 2n ** 63n]) {
      await expect(cosign(TEXT, witness, time)).rejects.toMatchObject({ reason: 'timestamp' })
    }
    expect(splitCosignature(new Uint8Array(72).fill(0xff))).toBeUndefined()
    expect(splitCosignature(new Uint8Array(71))).toBeUndefined()
  })
})

describe('quorum', () => {
  const witness = (index: number): Promise<Signer> =>
    makeSigner(`witness.example/w${index}`, KEY_TYPE.cosignature, new Uint8Array(32).fill(index))

  async function cosigned(by: readonly number[]): Promise<Note> {
    let note: Note = { text: TEXT, signatures: [] }
    for (const index of by) note = addSignature(note, await cosign(TEXT, await witness(index), TIME))
    return note
  }

  async function quorumOf(count: number, required: number) {
    const signers = await Promise.all(Array.from({ length: count }, (_, at) => witness(at + 1)))
    return { witnesses: signers.map(({ key }) => key), required }
  }

  test('k of n', async () => {
    const note = await cosigned([1, 3])
    for (const [required, reached] of [
      [0, true],
      [1, true],
      [2, true],
      [3, false],
    ] as const) {
      const verdict = await verifyQuorum(note, await quorumOf(3, required))
      expect(verdict.reached).toBe(reached)
      expect(verdict.votes.map(({ key }) => key.name)).toEqual(['witness.example/w1', 'witness.example/w3'])
    }
  })

  test('strangers do not count', async () => {
    expect(await verifyQuorum(await cosigned([7, 8, 9]), await quorumOf(3, 1))).toMatchObject({
      reached: false,
      votes: [],
      fault: 'too-few',
    })
  })

  test('[B06] no votes reach only a quorum of none', async () => {
    const none = await cosigned([])
    expect(await verifyQuorum(none, await quorumOf(2, 0))).toEqual({ reached: true, votes: [] })
    expect(await verifyQuorum(none, { witnesses: [], required: 0 })).toEqual({ reached: true, votes: [] })
    expect(await verifyQuorum(none, await quorumOf(2, 1))).toMatchObject({ reached: false })
  })

  test('[B03] a witness that cosigned twice is one witness, at the later time', async () => {
    const w1 = await witness(1)
    const signatures = [await cosign(TEXT, w1, 50n), await cosign(TEXT, w1, 70n), await cosign(TEXT, w1, 60n)]
    const verdict = await verifyQuorum({ text: TEXT, signatures }, await quorumOf(2, 2))
    expect(verdict).toEqual({ reached: false, fault: 'too-few', votes: [{ key: w1.key, timeSeconds: 70n }] })
  })

  test('[B02] one public key under two names is refused', async () => {
    const { witnesses } = await quorumOf(2, 2)
    const alias = makeVerifierKey('witness.example/alias', KEY_TYPE.cosignature, (await witness(1)).key.publicKey)
    const doubled = { witnesses: [...witnesses, alias], required: 2 }
    await expect(verifyQuorum(await cosigned([1]), doubled)).rejects.toMatchObject({ reason: 'duplicate-key' })
  })

  test('one wrong cosignature of a known witness condemns the note', async () => {
    const note = await cosigned([1, 2, 3])
    const [first, ...others] = note.signatures
    if (first === undefined) throw new Error('there are three')
    const bent = { ...first, signature: first.signature.with(20, (first.signature[20] as number) ^ 1) }
    const verdict = await verifyQuorum({ ...note, signatures: [bent, ...others] }, await quorumOf(3, 2))
    expect(verdict).toMatchObject({ reached: false, fault: 'wrong-signature', key: { name: 'witness.example/w1' } })
  })

  test.each([-1, 4, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%s of 3 is not a quorum', async (required) => {
    await expect(verifyQuorum(await cosigned([1]), await quorumOf(3, required))).rejects.toMatchObject({
      reason: 'quorum',
    })
  })

  test('a key that makes no cosignatures is no witness', async () => {
    const { key } = await makeSigner('w', KEY_TYPE.ed25519, new Uint8Array(32))
    const quorum = { witnesses: [key], required: 1 }
    await expect(verifyQuorum(await cosigned([1]), quorum)).rejects.toMatchObject({ reason: 'key-type' })
  })
})
