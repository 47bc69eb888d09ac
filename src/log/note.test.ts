import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KEY_TYPE, makeSigner, makeVerifierKey, parseSigningKey, parseVerifierKey } from './key.ts'
import { MalformedInput } from './malformed.ts'
import { addSignature, formatNote, NOTE_SIGNATURES_MAX, parseNote, signNote, verifyNote } from './note.ts'
import { utf8 } from './rfc6962.contract.ts'

// From the documentation and tests of golang.org/x/mod/sumdb/note.
const TEXT =
  'If you think cryptography is the answer to your problem,\nthen you don\u2019t know what your problem is.\n'.replace(
    '\u2019',
    "'",
  )
const PETER = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
const PETER_PRIVATE = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
const ENOCH = parseVerifierKey('EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop')
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n'
const NOTE = `${TEXT}\n${PETER_LINE}${ENOCH_LINE}`

function reasonOf(text: string | Uint8Array): unknown {
  try {
    return parseNote(text) && undefined
  } catch (error) {
    return error instanceof MalformedInput ? error.reason : error
  }
}

describe('a note comes back byte for byte', () => {
  test.each([
    ['sumdb/note', NOTE],
    [
      'C2SP signed-note',
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n' +
        '— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n',
    ],
    ['a text of blank lines', `\n\n\n${PETER_LINE}`],
  ])('%s', (_name, text) => {
    expect(formatNote(parseNote(text))).toBe(text)
    expect(parseNote(utf8(text))).toEqual(parseNote(text))
  })

  test('the text ends before the last blank line', () => {
    expect(parseNote(NOTE).text).toBe(TEXT)
    expect(parseNote(`a\n\nb\n\n${PETER_LINE}`).text).toBe('a\n\nb\n')
  })

  test('any text and any signatures', () => {
    const lines = fc.array(fc.string({ unit: 'grapheme' }))
    const signatures = fc.array(
      fc.record({
        name: fc.constantFrom('a', 'example.com/log42', 'ünïcode'),
        id: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
      }),
      { minLength: 1, maxLength: NOTE_SIGNATURES_MAX },
    )
    fc.assert(
      fc.property(lines, signatures, (body, all) => {
        const note = { text: `${body.join('\n')}\n`, signatures: all }
        expect(parseNote(formatNote(note))).toEqual(note)
      }),
    )
  })
})

describe('verification', () => {
  test('names the known keys that signed, and no others', async () => {
    expect(await verifyNote(parseNote(NOTE), [PETER])).toEqual({ signed: true, by: [PETER] })
    expect(await verifyNote(parseNote(NOTE), [ENOCH, PETER])).toEqual({ signed: true, by: [PETER, ENOCH] })
    expect(await verifyNote(parseNote(NOTE), [])).toEqual({ signed: false, fault: 'no-known-key' })
  })

  // The Go checksum database, https://sum.golang.org, signed these.
  test.each([
    [
      'go.sum database tree\n15067302\ngJyioq6dwR9n+NjEWORfYmH+ubeYm3kH42BBQ0bTpYI=\n\n' +
        '— sum.golang.org Az3grp1rvWOs5NKlr/xR4GLN/CDyzzakmt1o61uSxYKpK1SerqOP2ClbX/peKUZjYnyomH5Xz7GZG3TpB7OeKn4E2ww=\n',
    ],
    [
      'go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
        '— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n',
    ],
  ])('checkpoints of a log in the wild', async (text) => {
    const key = parseVerifierKey('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8')
    expect(await verifyNote(parseNote(text), [key])).toEqual({ signed: true, by: [key] })
    const grown = text.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`)
    expect(await verifyNote(parseNote(grown), [key])).toMatchObject({ signed: false, fault: 'wrong-signature' })
  })

  test('[B23] any changed byte of the text or of a known signature condemns the note', async () => {
    const note = parseNote(NOTE)
    await fc.assert(
      fc.asyncProperty(fc.nat(TEXT.length - 2), async (at) => {
        const changed = TEXT[at] === 'x' ? 'y' : 'x'
        const text = TEXT.slice(0, at) + changed + TEXT.slice(at + 1)
        expect(await verifyNote({ ...note, text }, [PETER])).toMatchObject({ fault: 'wrong-signature', key: PETER })
      }),
      { numRuns: 30 },
    )
    await fc.assert(
      fc.asyncProperty(fc.nat(511), async (bit) => {
        const [peter, enoch] = note.signatures.map((line) => ({ ...line, signature: line.signature.slice() }))
        if (peter === undefined || enoch === undefined) throw new Error('the note has two signatures')
        peter.signature[bit >> 3] = (peter.signature[bit >> 3] as number) ^ (1 << (bit & 7))
        const bent = { ...note, signatures: [peter, enoch] }
        expect(await verifyNote(bent, [PETER, ENOCH])).toMatchObject({ signed: false, fault: 'wrong-signature' })
        expect(await verifyNote(bent, [ENOCH])).toEqual({ signed: true, by: [ENOCH] })
      }),
      { numRuns: 30 },
    )
  })

  test('a known key whose second signature is wrong is not saved by its first', async () => {
    const wrong = PETER_LINE.replace('ZJkuBS', 'ZJkuBT')
    expect(await verifyNote(parseNote(`${TEXT}\n${PETER_LINE}${wrong}`), [PETER])).toMatchObject({ signed: false })
    expect(await verifyNote(parseNote(`${TEXT}\n${PETER_LINE}${PETER_LINE}`), [PETER])).toMatchObject({ signed: true })
  })

  test('a signature that only shares name or id with a known key is unknown', async () => {
    const [line] = parseNote(NOTE).signatures
    if (line === undefined) throw new Error('the note has signatures')
    for (const unknown of [
      { ...line, id: line.id + 1 },
      { ...line, name: 'PeterNeuman' },
    ]) {
      const verdict = await verifyNote({ text: TEXT, signatures: [unknown] }, [PETER])
      expect(verdict).toEqual({ signed: false, fault: 'no-known-key' })
    }
  })

  test('two different keys under one name and id are refused, the same one twice is not', async () => {
    const impostor = { ...PETER, publicKey: ENOCH.publicKey }
    const refused = { reason: 'duplicate-key' }
    await expect(verifyNote(parseNote(NOTE), [PETER, impostor])).rejects.toMatchObject(refused)
    await expect(verifyNote(parseNote(NOTE), [PETER, { ...PETER, type: 0x04 }])).rejects.toMatchObject(refused)
    expect(await verifyNote(parseNote(NOTE), [PETER, PETER])).toEqual({ signed: true, by: [PETER] })
  })

  test('a key that is no point of the curve verifies nothing', async () => {
    const none = makeVerifierKey('nobody', KEY_TYPE.ed25519, new Uint8Array(32).fill(0xff))
    const signatures = [{ name: 'nobody', id: none.id, signature: new Uint8Array(64) }]
    const verdict = await verifyNote({ text: TEXT, signatures }, [none]).catch((error: unknown) => error)
    expect(verdict instanceof MalformedInput || (verdict as { signed: boolean }).signed === false).toBe(true)
  })
})

describe('signing', () => {
  test('gives the signatures of the examples', async () => {
    const peter = await parseSigningKey(PETER_PRIVATE)
    const enoch = await makeSigner('EnochRoot', KEY_TYPE.ed25519, new Uint8Array(32))
    const note = await signNote(await signNote({ text: TEXT, signatures: [] }, peter), enoch)
    expect(formatNote(note)).toBe(NOTE)
  })

  test('replaces what the same key signed before', async () => {
    const peter = await parseSigningKey(PETER_PRIVATE)
    const note = parseNote(`${TEXT}\n${PETER_LINE.replace('ZJkuBS', 'ZJkuBT')}${ENOCH_LINE}`)
    expect(formatNote(await signNote(note, peter))).toBe(`${TEXT}\n${ENOCH_LINE}${PETER_LINE}`)
    expect(addSignature(parseNote(NOTE), parseNote(NOTE).signatures[0] as never).signatures).toHaveLength(2)
  })

  test.each([
    ['no newline at the end', 'note-structure'],
    ['tab\t\n', 'control-character'],
    ['\ud800\n', 'utf8'],
  ])('refuses %j', async (text, reason) => {
    const peter = await parseSigningKey(PETER_PRIVATE)
    await expect(signNote({ text, signatures: [] }, peter)).rejects.toMatchObject({ reason })
  })

  test('leaves cosignatures to `cosign`', async () => {
    const witness = await makeSigner('w', KEY_TYPE.cosignature, new Uint8Array(32))
    await expect(signNote({ text: TEXT, signatures: [] }, witness)).rejects.toMatchObject({ reason: 'key-type' })
  })
})

describe('what is not a note', () => {
  const broken: [what: string, text: string, reason: string][] = [
    ['nothing', '', 'note-structure'],
    ['text alone', TEXT, 'note-structure'],
    ['no signatures', `${TEXT}\n`, 'note-structure'],
    ['no last newline', `${TEXT}\n${PETER_LINE.slice(0, -1)}`, 'note-structure'],
    ['control character', `\u0001${TEXT}\n${PETER_LINE}`, 'control-character'],
    ['carriage return', `${TEXT}\n${PETER_LINE.replace('\n', '\r\n')}`, 'note-structure'],
    ['space in a name', `${TEXT}\n${PETER_LINE.replace('PeterN', 'Peter N')}`, 'note-structure'],
    ['something between', `${TEXT}\n${PETER_LINE}Unexpected line.\n`, 'note-structure'],
    ['hyphen for a dash', `${TEXT}\n${PETER_LINE.replace('—', '-')}`, 'note-structure'],
    ['no signature bytes', `${TEXT}\n— PeterNeumann \n`, 'note-structure'],
    ['only a key id', `${TEXT}\n— PeterNeumann AAAAAA==\n`, 'note-structure'],
    ['cut base64', `${TEXT}\n— PeterNeumann AAAAA\n`, 'base64'],
    ['plus in a name', `${TEXT}\n— Peter+Neumann AAAAAAAA\n`, 'key-name'],
    ['too many lines', `${TEXT}\n${PETER_LINE.repeat(NOTE_SIGNATURES_MAX + 1)}`, 'too-many-signatures'],
    ['too long', `${'x'.repeat(1_000_000)}\n\n${PETER_LINE}`, 'too-large'],
  ]
  test.each(broken)('%s', (_what, text, reason) => {
    expect(reasonOf(text)).toBe(reason)
  })

  test('bytes that are not UTF-8', () => {
    expect(reasonOf(Uint8Array.of(0xff, ...utf8(NOTE)))).toBe('utf8')
  })
})
