import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { MalformedInput } from './malformed.ts'
import { base64 } from './rfc6962.contract.ts'
import { emptyRoot } from './tree.ts'
import { MAX_UINT64 } from './uint64.ts'

// The example of C2SP tlog-checkpoint.
const EXAMPLE = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='

function reasonOf(action: () => unknown): unknown {
  try {
    return action() && undefined
  } catch (error) {
    return error instanceof MalformedInput ? error.reason : error
  }
}

describe('a checkpoint', () => {
  test('of the specification', () => {
    const checkpoint = {
      origin: 'example.com/behind-the-sofa',
      size: 20852163n,
      root: base64(ROOT),
      extensions: [],
    }
    expect(parseCheckpoint(EXAMPLE)).toEqual(checkpoint)
    expect(formatCheckpoint(checkpoint)).toBe(EXAMPLE)
  })

  test('comes back unchanged, at any size and with extension lines', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 })
    const checkpoints = fc.record({
      origin: line,
      size: fc.bigInt({ min: 0n, max: MAX_UINT64 }),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(line),
    })
    fc.assert(
      fc.property(checkpoints, (checkpoint) => {
        const text = formatCheckpoint(checkpoint)
        expect(parseCheckpoint(text)).toEqual(checkpoint)
        expect(formatCheckpoint(parseCheckpoint(text))).toBe(text)
      }),
    )
  })
})

describe('what is not a checkpoint', () => {
  test.each([
    ['', 'note-structure'],
    ['\n', 'checkpoint-structure'],
    ['a\n5\n', 'checkpoint-structure'],
    [EXAMPLE.slice(0, -1), 'note-structure'],
    [`${EXAMPLE}\n`, 'checkpoint-structure'],
    [`${EXAMPLE}ext\n\next\n`, 'checkpoint-structure'],
    [`\n5\n${ROOT}\n`, 'checkpoint-structure'],
    [`a\n05\n${ROOT}\n`, 'decimal'],
    [`a\n-5\n${ROOT}\n`, 'decimal'],
    [`a\n5 \n${ROOT}\n`, 'decimal'],
    [`a\n18446744073709551616\n${ROOT}\n`, 'not-uint64'],
    [`a\n5\n${ROOT.slice(0, -1)}\n`, 'base64'],
    [`a\n5\n${ROOT} \n`, 'base64'],
    ['a\n5\nAAAA\n', 'hash-length'],
    [`a\t\n5\n${ROOT}\n`, 'control-character'],
    [`a\r\n5\r\n${ROOT}\r\n`, 'control-character'],
  ])('%j: %s', (text, reason) => {
    expect(reasonOf(() => parseCheckpoint(text))).toBe(reason)
  })

  test('is not written either', () => {
    const good = { origin: 'a', size: 0n, root: emptyRoot(), extensions: [] }
    expect(reasonOf(() => formatCheckpoint({ ...good, origin: '' }))).toBe('origin')
    expect(reasonOf(() => formatCheckpoint({ ...good, origin: 'a\n5' }))).toBe('origin')
    expect(reasonOf(() => formatCheckpoint({ ...good, origin: 'a\t' }))).toBe('control-character')
    expect(reasonOf(() => formatCheckpoint({ ...good, size: -1n }))).toBe('not-uint64')
    expect(reasonOf(() => formatCheckpoint({ ...good, size: 2n ** 64n }))).toBe('not-uint64')
    expect(reasonOf(() => formatCheckpoint({ ...good, root: new Uint8Array(31) }))).toBe('hash-length')
    expect(reasonOf(() => formatCheckpoint({ ...good, extensions: [''] }))).toBe('checkpoint-structure')
    expect(reasonOf(() => formatCheckpoint({ ...good, extensions: ['a\nb'] }))).toBe('checkpoint-structure')
  })
})
