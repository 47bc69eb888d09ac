import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCheckpoint } from './checkpoint.ts'
import { proveConsistency } from './consistency.ts'
import { cosign } from './cosignature.ts'
import { proveInclusion } from './inclusion.ts'
import { KEY_TYPE, keyLabel, makeSigner, type Signer } from './key.ts'
import { entriesFrom, logOf } from './memory-log.contract.ts'
import { addSignature, formatNote, signNote } from './note.ts'
import { formatProof, parseProof } from './proof.ts'
import { tileHashReader } from './tile-hash-reader.ts'
import { leafHash } from './tree.ts'
import { type LogTrust, type ProofClaim, type ProofVerdict, verifyProof } from './verify-proof.ts'

const ORIGIN = 'log.example/countersign'
const INDEX = 123n

const key = (name: string, type: 0x01 | 0x04, fill: number): Promise<Signer> =>
  makeSigner(name, type, new Uint8Array(32).fill(fill))

/** A record, its proof and the trust that it meets, with 2 of 3 witnesses required and all 3 there. */
async function sealedRecord() {
  const log = await logOf(entriesFrom(0, 100), entriesFrom(100, 200))
  const reader = tileHashReader(log.head, log.readTiles)
  const logSigner = await key(ORIGIN, KEY_TYPE.ed25519, 1)
  const witnesses = await Promise.all(
    [2, 3, 4].map((fill) => key(`witness.example/w${fill}`, KEY_TYPE.cosignature, fill)),
  )
  const text = formatCheckpoint({ origin: ORIGIN, ...log.head, extensions: [] })
  let note = await signNote({ text, signatures: [] }, logSigner)
  for (const witness of witnesses) note = addSignature(note, await cosign(text, witness, 1_700_000_000n))
  const trust: LogTrust = {
    origin: ORIGIN,
    keys: [logSigner.key],
    witnesses: witnesses.map((witness) => witness.key),
    quorum: 2,
  }
  const [earlier] = log.heads
  if (earlier === undefined) throw new Error('the log grew twice')
  const claim = {
    leaf: log.entries[Number(INDEX)] as Uint8Array,
    index: INDEX,
    inclusion: await proveInclusion(INDEX, log.head.size, reader),
    checkpoint: formatNote(note),
    trust,
    earlier: { ...earlier, consistency: await proveConsistency(earlier.size, log.head.size, reader) },
  }
  return { claim, note, log, logSigner, witnesses }
}

const outcomes = ({ steps }: ProofVerdict) => Object.fromEntries(steps.map(({ name, outcome }) => [name, outcome]))
const stepOf = ({ steps }: ProofVerdict, name: string) => steps.find((step) => step.name === name)

const ALL_PROVEN = {
  checkpoint: 'proven',
  origin: 'proven',
  'log-signature': 'proven',
  quorum: 'proven',
  inclusion: 'proven',
  consistency: 'proven',
}

test('every step of a true proof is proven, with the keys that did', async () => {
  const { claim, logSigner, witnesses } = await sealedRecord()
  const verdict = await verifyProof(claim)
  expect(verdict.outcome).toBe('proven')
  expect(outcomes(verdict)).toEqual(ALL_PROVEN)
  expect(stepOf(verdict, 'log-signature')?.keys).toEqual([keyLabel(logSigner.key)])
  expect(stepOf(verdict, 'quorum')?.keys).toEqual(witnesses.map((witness) => keyLabel(witness.key)))
  expect(stepOf(verdict, 'inclusion')?.detail).toBe('record is leaf 123 of 300')
})

test('without an earlier head there is no such step', async () => {
  const { earlier: _, ...claim } = (await sealedRecord()).claim
  const verdict = await verifyProof(claim)
  expect(verdict.outcome).toBe('proven')
  expect(outcomes(verdict)).not.toHaveProperty('consistency')
})

describe('what is missing is incomplete, and does not count', () => {
  test('no audit path, no consistency proof', async () => {
    const { inclusion: _, ...claim } = (await sealedRecord()).claim
    const { consistency: __, ...earlier } = claim.earlier
    const verdict = await verifyProof({ ...claim, earlier })
    expect(verdict.outcome).toBe('incomplete')
    expect(outcomes(verdict)).toEqual({ ...ALL_PROVEN, inclusion: 'incomplete', consistency: 'incomplete' })
  })

  test('no signature of a trusted key', async () => {
    const { claim } = await sealedRecord()
    const other = await key(ORIGIN, KEY_TYPE.ed25519, 9)
    for (const keys of [[], [other.key]]) {
      const verdict = await verifyProof({ ...claim, trust: { ...claim.trust, keys } })
      expect(verdict.outcome).toBe('incomplete')
      expect(outcomes(verdict)).toEqual({ ...ALL_PROVEN, 'log-signature': 'incomplete' })
    }
  })

  test('[B06] too few witnesses', async () => {
    const { claim, note } = await sealedRecord()
    const signatures = note.signatures.slice(0, 2)
    const verdict = await verifyProof({ ...claim, checkpoint: formatNote({ ...note, signatures }) })
    expect(verdict.outcome).toBe('incomplete')
    expect(stepOf(verdict, 'quorum')).toMatchObject({
      outcome: 'incomplete',
      detail: '1 of 3 witnesses cosigned, 2 are required',
    })
  })

  test('no witness is needed where none is required, and the step says so', async () => {
    const { claim, note } = await sealedRecord()
    const checkpoint = formatNote({ ...note, signatures: note.signatures.slice(0, 1) })
    const verdict = await verifyProof({ ...claim, checkpoint, trust: { ...claim.trust, quorum: 0 } })
    expect(verdict.outcome).toBe('proven')
    expect(stepOf(verdict, 'quorum')?.detail).toBe('no witness is required')
  })
})

describe('[B23] what does not hold is disproven', () => {
  test('another record, another index, another tree', async () => {
    const { claim } = await sealedRecord()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (leaf) => {
        const verdict = await verifyProof({ ...claim, leaf })
        expect(outcomes(verdict)).toEqual({ ...ALL_PROVEN, inclusion: 'disproven' })
        expect(verdict.outcome).toBe('disproven')
      }),
      { numRuns: 10 },
    )
    for (const index of [INDEX - 1n, INDEX + 1n, 300n, -1n, 2n ** 64n]) {
      expect(outcomes(await verifyProof({ ...claim, index }))).toMatchObject({ inclusion: 'disproven' })
    }
  })

  test('any flipped bit of the checkpoint text', async () => {
    const { claim } = await sealedRecord()
    const textLength = claim.checkpoint.indexOf('\n\n') + 1
    await fc.assert(
      fc.asyncProperty(fc.nat(textLength * 8 - 1), async (bit) => {
        const bytes = Buffer.from(claim.checkpoint)
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
        expect((await verifyProof({ ...claim, checkpoint: bytes })).outcome).toBe('disproven')
      }),
      { numRuns: 60 },
    )
  })

  test('any flipped bit of the signatures proves no more than before', async () => {
    const { claim } = await sealedRecord()
    const bytes = Buffer.from(claim.checkpoint)
    const start = bytes.indexOf('\n\n') + 2
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start * 8, max: bytes.length * 8 - 1 }), async (bit) => {
        const bent = Buffer.from(bytes)
        bent[bit >> 3] = (bent[bit >> 3] as number) ^ (1 << (bit & 7))
        const verdict = await verifyProof({ ...claim, checkpoint: bent, trust: { ...claim.trust, quorum: 3 } })
        expect(verdict.outcome).not.toBe('proven')
      }),
      { numRuns: 60 },
    )
  })

  test('a checkpoint of another log, although the keys would do', async () => {
    const { claim } = await sealedRecord()
    const verdict = await verifyProof({ ...claim, trust: { ...claim.trust, origin: 'log.example/other' } })
    expect(verdict.outcome).toBe('disproven')
    expect(outcomes(verdict)).toEqual({ ...ALL_PROVEN, origin: 'disproven' })
  })

  test('a wrong signature under a trusted key, of log or witness', async () => {
    const { claim, note, logSigner } = await sealedRecord()
    for (const [at, step] of [
      [0, 'log-signature'],
      [2, 'quorum'],
    ] as const) {
      const signatures = note.signatures.map((line, i) =>
        i === at ? { ...line, signature: line.signature.with(30, (line.signature[30] as number) ^ 1) } : line,
      )
      const verdict = await verifyProof({ ...claim, checkpoint: formatNote({ ...note, signatures }) })
      expect(outcomes(verdict)).toEqual({ ...ALL_PROVEN, [step]: 'disproven' })
      if (step === 'log-signature') expect(stepOf(verdict, step)?.keys).toEqual([keyLabel(logSigner.key)])
    }
  })

  test('a head seen before that is not continued', async () => {
    const { claim } = await sealedRecord()
    const fork = await logOf(entriesFrom(0, 100, 'another history'))
    const forked = await verifyProof({ ...claim, earlier: { ...claim.earlier, root: fork.head.root } })
    expect(outcomes(forked)).toEqual({ ...ALL_PROVEN, consistency: 'disproven' })
    const restored = await verifyProof({ ...claim, earlier: { ...claim.earlier, size: 301n } })
    expect(stepOf(restored, 'consistency')?.detail).toBe('a tree of 300 leaves cannot follow one of 301')
  })

  test('a checkpoint that is none ends the proof there', async () => {
    const { claim } = await sealedRecord()
    for (const checkpoint of ['', 'nonsense', claim.checkpoint.replace('300', '0300'), Uint8Array.of(0xff)]) {
      const verdict = await verifyProof({ ...claim, checkpoint })
      expect(verdict.outcome).toBe('disproven')
      expect(verdict.steps.map(({ name }) => name)).toEqual(['checkpoint'])
    }
  })
})

describe('trust that makes no sense is refused', () => {
  test('a log that is its own witness', async () => {
    const { claim, logSigner } = await sealedRecord()
    const itself = await key('witness.example/itself', KEY_TYPE.cosignature, 1)
    expect(itself.key.publicKey).toEqual(logSigner.key.publicKey)
    const trust = { ...claim.trust, witnesses: [itself.key], quorum: 1 }
    await expect(verifyProof({ ...claim, trust })).rejects.toMatchObject({ reason: 'duplicate-key' })
  })

  test('more witnesses than there are', async () => {
    const { claim } = await sealedRecord()
    const trust = { ...claim.trust, quorum: 4 }
    await expect(verifyProof({ ...claim, trust })).rejects.toMatchObject({ reason: 'quorum' })
  })

  test('one witness under two names, even where none is required', async () => {
    const { claim, witnesses } = await sealedRecord()
    const alias = await key('witness.example/alias', KEY_TYPE.cosignature, 2)
    const trust = { ...claim.trust, witnesses: [...witnesses, alias].map((witness) => witness.key), quorum: 0 }
    await expect(verifyProof({ ...claim, trust })).rejects.toMatchObject({ reason: 'duplicate-key' })
  })
})

describe('tlog-proof text', () => {
  test('carries everything but the record and the trust', async () => {
    const { claim, note } = await sealedRecord()
    const text = formatProof({ index: claim.index, inclusion: claim.inclusion, note })
    expect(text.startsWith('c2sp.org/tlog-proof@v1\nindex 123\n')).toBe(true)
    const proof = parseProof(text)
    const received: ProofClaim = {
      leaf: claim.leaf,
      index: proof.index,
      inclusion: proof.inclusion,
      checkpoint: formatNote(proof.note),
      trust: claim.trust,
    }
    expect((await verifyProof(received)).outcome).toBe('proven')
    expect(formatProof(proof)).toBe(text)
  })

  test('comes back unchanged with extra data, empty or not', async () => {
    const { claim, note } = await sealedRecord()
    for (const extra of [new Uint8Array(), leafHash(claim.leaf)]) {
      const proof = { index: claim.index, inclusion: claim.inclusion, note, extra }
      expect(parseProof(formatProof(proof))).toEqual(proof)
      expect(formatProof(parseProof(formatProof(proof)))).toBe(formatProof(proof))
    }
  })

  test.each([
    ['another header', (text: string) => text.replace('@v1', '@v2'), 'proof-structure'],
    ['no index', (text: string) => text.replace('index 123\n', ''), 'proof-structure'],
    ['index with a zero', (text: string) => text.replace('index 1', 'index 01'), 'decimal'],
    ['broken hash', (text: string) => text.replace(/\n(.{4})(.*)=\n/, '\n$2=\n'), 'hash-length'],
    ['no checkpoint', (text: string) => text.slice(0, text.indexOf('\n\n') + 2), 'note-structure'],
    ['nothing', () => '', 'proof-structure'],
    [
      '65 hashes',
      (text: string) => text.replace(/index.*?\n\n/s, `index 1\n${`${'A'.repeat(43)}=\n`.repeat(65)}\n`),
      'proof-length',
    ],
  ])('%s is refused', async (_what, change, reason) => {
    const { claim, note } = await sealedRecord()
    const text = formatProof({ index: claim.index, inclusion: claim.inclusion, note })
    expect(() => parseProof(change(text))).toThrow(expect.objectContaining({ reason }))
  })
})
