import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCheckpoint } from './checkpoint.ts'
import { proveConsistency } from './consistency.ts'
import { cosign } from './cosignature.ts'
import { KEY_TYPE, makeSigner, makeVerifierKey, type Signer } from './key.ts'
import { MalformedInput } from './malformed.ts'
import { entriesFrom, logOf, type MemoryLog } from './memory-log.contract.ts'
import { addSignature, formatNote, formatSignatureLines, type Note, parseSignatureLines, signNote } from './note.ts'
import { verifyQuorum } from './quorum.ts'
import { hex, utf8 } from './rfc6962.contract.ts'
import { tileHashReader } from './tile-hash-reader.ts'
import { emptyRoot, type TreeHead } from './tree.ts'
import { decideCosignature, formatAddCheckpoint, formatTreeSize, parseAddCheckpoint, parseTreeSize } from './witness.ts'

// The example request of C2SP tlog-witness.
const EXAMPLE = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`

function reasonOf(body: string | Uint8Array): unknown {
  try {
    return parseAddCheckpoint(body) && undefined
  } catch (error) {
    return error instanceof MalformedInput ? error.reason : error
  }
}

describe('request body', () => {
  test('of the specification', () => {
    const request = parseAddCheckpoint(utf8(EXAMPLE))
    expect(request).toMatchObject({ oldSize: 20852014n, checkpoint: { size: 20852163n } })
    expect(request.consistency).toHaveLength(4)
    expect(request.note.signatures).toHaveLength(2)
    expect(formatAddCheckpoint(request)).toBe(EXAMPLE)
  })

  test('may have no proof lines', () => {
    const body = EXAMPLE.replace(/old .*=\n\nex/s, 'old 0\n\nex')
    expect(parseAddCheckpoint(body)).toMatchObject({ oldSize: 0n, consistency: [] })
    expect(formatAddCheckpoint(parseAddCheckpoint(body))).toBe(body)
  })

  const hashLine = 'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n'
  const broken: [what: string, body: string, reason: string][] = [
    ['nothing', '', 'request-structure'],
    ['no blank line', 'old 5', 'request-structure'],
    ['no old line', EXAMPLE.replace('old ', 'new '), 'request-structure'],
    ['two spaces', EXAMPLE.replace('old 2', 'old  2'), 'decimal'],
    ['leading zero', EXAMPLE.replace('old 2', 'old 02'), 'decimal'],
    ['old size past 2^64', EXAMPLE.replace('20852014', '99999999999999999999'), 'not-uint64'],
    ['short hash', EXAMPLE.replace(hashLine, 'AAAA\n'), 'hash-length'],
    ['hash that is no base64', EXAMPLE.replace(hashLine, '?\n'), 'base64'],
    ['64 hashes', EXAMPLE.replace(hashLine, hashLine.repeat(61)), 'proof-length'],
    ['no checkpoint', EXAMPLE.slice(0, EXAMPLE.indexOf('example.com')), 'note-structure'],
    ['a size in words', EXAMPLE.replace('20852163', 'many'), 'decimal'],
    ['carriage returns', EXAMPLE.replaceAll('\n', '\r\n'), 'request-structure'],
  ]
  test.each(broken)('%s is refused', (_what, body, reason) => {
    expect(reasonOf(body)).toBe(reason)
  })

  test('63 proof lines are allowed', () => {
    expect(parseAddCheckpoint(EXAMPLE.replace(hashLine, hashLine.repeat(60))).consistency).toHaveLength(63)
  })
})

describe('conflict body', () => {
  test('is a size and a newline', () => {
    expect(formatTreeSize(20852014n)).toBe('20852014\n')
    expect(parseTreeSize('20852014\n')).toBe(20852014n)
    expect(parseTreeSize(utf8('0\n'))).toBe(0n)
    for (const bad of ['5', '05\n', '\n', '5\n\n']) expect(() => parseTreeSize(bad)).toThrow(MalformedInput)
  })
})

// Requests and roots that another witness implementation, litewitness, is tested with. Its leaves are made up (their
// hashes are 2a00.., 2a01..), its signatures are real.
describe('requests that litewitness answers', () => {
  const origin = 'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562'
  const logKeys = [
    makeVerifierKey(origin, KEY_TYPE.ed25519, hex('ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f')),
  ]
  const one = `${origin}\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— ${origin} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=\n`
  const three = `${origin}\n3\nRcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=\n\n— ${origin} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=\n`
  const five = `${origin}\n5\nQrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=\n\n— ${origin} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=\n`
  const fromOneToThree = 'KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nKgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
  const fromOneToFive =
    'KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=\nKgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'

  const headOf = (note: string): TreeHead => parseAddCheckpoint(`old 0\n\n${note}`).checkpoint
  const decide = (body: string, latest: TreeHead | undefined, keys: typeof logKeys | undefined = logKeys) =>
    decideCosignature(parseAddCheckpoint(body), { logKeys: keys, latest })

  test('the first checkpoint is cosigned', async () => {
    expect(await decide(`old 0\n\n${one}`, undefined)).toMatchObject({ answer: 'cosign', status: 200 })
  })

  test('growth is cosigned when proven', async () => {
    expect(await decide(`old 1\n${fromOneToThree}\n${three}`, headOf(one))).toMatchObject({ status: 200 })
    expect(await decide(`old 1\n${fromOneToFive}\n${five}`, headOf(one))).toMatchObject({ status: 200 })
  })

  test('a missing or wrong proof is 422', async () => {
    expect(await decide(`old 1\n\n${three}`, headOf(one))).toEqual({ answer: 'inconsistent', status: 422 })
    const bent = fromOneToThree.replace('KgIA', 'KgIB')
    expect(await decide(`old 1\n${bent}\n${three}`, headOf(one))).toMatchObject({ status: 422 })
  })

  test('the racing request is 409 with the size', async () => {
    const answer = { answer: 'conflict', status: 409, size: 3n }
    expect(await decide(`old 1\n${fromOneToFive}\n${five}`, headOf(three))).toEqual(answer)
  })

  test('a wrong signature is 403', async () => {
    const wrong = `old 1\n${fromOneToThree}\n${three.replace('6go=\n', '6gs=\n')}`
    expect(await decide(wrong, headOf(one))).toEqual({ answer: 'not-signed-by-log', status: 403 })
  })

  test('no trusted key is 403, no known origin 404', async () => {
    expect(await decide(`old 0\n\n${one}`, undefined, [])).toMatchObject({ status: 403 })
    const unknown = decideCosignature(parseAddCheckpoint(`old 0\n\n${one}`), { logKeys: undefined, latest: undefined })
    expect(await unknown).toEqual({ answer: 'unknown-log', status: 404 })
  })
})

describe('a witness beside a real log', () => {
  const origin = 'log.example/countersign'
  const key = (name: string, type: 0x01 | 0x04, fill: number): Promise<Signer> =>
    makeSigner(name, type, new Uint8Array(32).fill(fill))

  async function checkpointOf({ size, root }: TreeHead): Promise<Note> {
    const text = formatCheckpoint({ origin, size, root, extensions: [] })
    return signNote({ text, signatures: [] }, await key(origin, KEY_TYPE.ed25519, 1))
  }

  async function ask(log: MemoryLog, head: TreeHead, latest: TreeHead | undefined, oldSize = latest?.size ?? 0n) {
    const reader = tileHashReader(log.head, log.readTiles)
    const consistency = oldSize <= head.size ? await proveConsistency(oldSize, head.size, reader) : []
    const body = formatAddCheckpoint({ oldSize, consistency, note: await checkpointOf(head) })
    const logKeys = [(await key(origin, KEY_TYPE.ed25519, 1)).key]
    return decideCosignature(parseAddCheckpoint(body), { logKeys, latest })
  }

  test('follows growth of any kind and counts towards the quorum', async () => {
    const witness = await key('witness.example/w1', KEY_TYPE.cosignature, 2)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 6 }), async (steps) => {
        const log = await logOf()
        let latest: TreeHead | undefined
        for (const step of steps) {
          const head = await log.grow(entriesFrom(log.entries.length, step))
          expect(await ask(log, head, latest)).toMatchObject({ answer: 'cosign', checkpoint: head })
          latest = head
        }
        const note = await checkpointOf(log.head)
        const response = formatSignatureLines([await cosign(note.text, witness, 1_700_000_000n)])
        const cosigned = parseSignatureLines(response).reduce(addSignature, note)
        expect(formatNote(cosigned)).toBe(formatNote(note) + response)
        expect(await verifyQuorum(cosigned, { witnesses: [witness.key], required: 1 })).toMatchObject({ reached: true })
      }),
      { numRuns: 20 },
    )
  })

  test('[B23] a fork, a rollback and a shown-before size with another root are refused', async () => {
    const log = await logOf(entriesFrom(0, 300), entriesFrom(300, 20))
    const fork = await logOf(entriesFrom(0, 299), entriesFrom(0, 40, 'another history'))
    const [before, now] = log.heads
    expect(await ask(fork, fork.head, before)).toMatchObject({ answer: 'inconsistent', status: 422 })
    expect(await ask(log, before as TreeHead, now)).toMatchObject({ answer: 'old-size-too-large', status: 400 })
    expect(await ask(log, before as TreeHead, now, 0n)).toMatchObject({ answer: 'conflict', size: 320n })
    const other = await logOf(entriesFrom(0, 320, 'another history'))
    expect(await ask(other, other.head, now)).toMatchObject({ answer: 'conflict', size: 320n })
    expect(await ask(log, now as TreeHead, now)).toMatchObject({ answer: 'cosign' })
  })

  test('a proof that is not needed is refused', async () => {
    const log = await logOf(entriesFrom(0, 5))
    const note = await checkpointOf(log.head)
    const logKeys = [(await key(origin, KEY_TYPE.ed25519, 1)).key]
    for (const latest of [undefined, log.head]) {
      const request = { oldSize: latest?.size ?? 0n, consistency: [emptyRoot()], note }
      expect(await decideCosignature(request, { logKeys, latest })).toMatchObject({ status: 422 })
    }
  })

  test('an empty log is cosigned with the empty root only', async () => {
    const log = await logOf()
    expect(await ask(log, log.head, undefined)).toMatchObject({ answer: 'cosign' })
    const wrong = { size: 0n, root: new Uint8Array(32) }
    expect(await ask(log, wrong, undefined)).toMatchObject({ answer: 'conflict', size: 0n })
  })
})
