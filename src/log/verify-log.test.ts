import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeEntries, encodeEntries } from './entries.ts'
import { entriesFrom, logOf, type MemoryLog } from './memory-log.contract.ts'
import { hashOf } from './rfc6962.contract.ts'
import { leafHash } from './tree.ts'
import { type LogClaim, verifyLog } from './verify-log.ts'

const SIZES = [100, 356, 700] as const

async function sealedLog(): Promise<MemoryLog> {
  return logOf(entriesFrom(0, 100), entriesFrom(100, 256), entriesFrom(356, 344))
}

function inBatches(entries: readonly Uint8Array[], width = 97): Uint8Array[][] {
  const batches: Uint8Array[][] = []
  for (let at = 0; at < entries.length; at += width) batches.push(entries.slice(at, at + width))
  return batches
}

/** The claim that these entries are the log, with its last head and its tiles. */
function claim(log: MemoryLog, entries: readonly Uint8Array[]): LogClaim {
  return { heads: [log.head], leaves: { entries: inBatches(entries) }, readTiles: log.readTiles }
}

function withoutTiles({ heads, leaves }: LogClaim): LogClaim {
  return { heads, leaves }
}

const exactly = (fault: string, index: number | bigint) => ({
  holds: false,
  fault,
  firstIndex: BigInt(index),
  lastIndex: BigInt(index),
})
const between = (fault: string, firstIndex: number, lastIndex: number) => ({
  holds: false,
  fault,
  firstIndex: BigInt(firstIndex),
  lastIndex: BigInt(lastIndex),
})

describe('a log that holds', () => {
  test('in batches of any width, with and without tiles, by entry and by leaf hash', async () => {
    const log = await sealedLog()
    const holds = { holds: true, size: 700n }
    for (const width of [1, 97, 256, 700, 1000]) {
      const entries = inBatches(log.entries, width)
      const leafHashes = entries.map((batch) => batch.map(leafHash))
      for (const leaves of [{ entries }, { leafHashes }]) {
        expect(await verifyLog({ heads: log.heads, leaves })).toEqual(holds)
        expect(await verifyLog({ heads: [log.head], leaves, readTiles: log.readTiles })).toEqual(holds)
      }
    }
  })

  test('from entry bundles, as they come over a network', async () => {
    const log = await sealedLog()
    async function* bundles() {
      for (const batch of inBatches(log.entries, 256)) yield decodeEntries(encodeEntries(batch), batch.length)
    }
    const verdict = await verifyLog({ heads: log.heads, leaves: { entries: bundles() }, readTiles: log.readTiles })
    expect(verdict).toEqual({ holds: true, size: 700n })
  })

  test('without any leaf', async () => {
    const log = await logOf()
    expect(await verifyLog({ heads: [log.head], leaves: { entries: [] } })).toEqual({ holds: true, size: 0n })
    expect(await verifyLog(claim(log, []))).toEqual({ holds: true, size: 0n })
    expect(await verifyLog(claim(log, entriesFrom(0, 1)))).toEqual(exactly('record-unsealed', 0))
  })

  test('with the same head twice', async () => {
    const log = await sealedLog()
    const heads = [log.head, log.head]
    expect(await verifyLog({ heads, leaves: { entries: [log.entries] } })).toEqual({ holds: true, size: 700n })
  })
})

describe('[B20] [B23] whatever is done to the records, the first index is named', () => {
  test('any bit of any record', async () => {
    const log = await sealedLog()
    await fc.assert(
      fc.asyncProperty(fc.nat(699), fc.nat(), async (index, pick) => {
        const record = (log.entries[index] as Uint8Array).slice()
        const bit = pick % (record.length * 8)
        record[bit >> 3] = (record[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(await verifyLog(claim(log, log.entries.with(index, record)))).toEqual(exactly('record-differs', index))
      }),
      { numRuns: 40 },
    )
  })

  test('two records swapped', async () => {
    const log = await sealedLog()
    const pairs = fc.uniqueArray(fc.nat(699), { minLength: 2, maxLength: 2 })
    await fc.assert(
      fc.asyncProperty(pairs, async ([a = 0, b = 0]) => {
        const swapped = log.entries.with(a, log.entries[b] as Uint8Array).with(b, log.entries[a] as Uint8Array)
        expect(await verifyLog(claim(log, swapped))).toEqual(exactly('record-differs', Math.min(a, b)))
      }),
      { numRuns: 25 },
    )
  })

  test('a record taken out, or one put in', async () => {
    const log = await sealedLog()
    await fc.assert(
      fc.asyncProperty(fc.nat(698), async (index) => {
        const shorter = await verifyLog(claim(log, log.entries.toSpliced(index, 1)))
        expect(shorter).toEqual(exactly('record-differs', index))
        const longer = await verifyLog(claim(log, log.entries.toSpliced(index, 0, Buffer.from('slipped in'))))
        expect(longer).toEqual(exactly('record-differs', index))
      }),
      { numRuns: 25 },
    )
  })

  test('the tail cut off', async () => {
    const log = await sealedLog()
    await fc.assert(
      fc.asyncProperty(fc.nat(699), async (kept) => {
        const verdict = await verifyLog(claim(log, log.entries.slice(0, kept)))
        expect(verdict).toEqual(exactly('record-missing', kept))
      }),
      { numRuns: 25 },
    )
  })

  test('records behind the checkpoint', async () => {
    const log = await sealedLog()
    const longer = [...log.entries, ...entriesFrom(700, 3)]
    expect(await verifyLog(claim(log, longer))).toEqual(exactly('record-unsealed', 700))
    expect(await verifyLog(withoutTiles(claim(log, longer)))).toEqual(exactly('record-unsealed', 700))
  })

  test('records and tiles rewritten together, and the old checkpoint left', async () => {
    const log = await sealedLog()
    const rewritten = await logOf(log.entries.with(400, Buffer.from('another history')))
    const heads = log.heads
    const leaves = { entries: inBatches(rewritten.entries) }
    // The tiles lead to no checkpoint, so only the checkpoints before can tell: the second held, the third did not.
    const place = between('record-differs', 356, 699)
    expect(await verifyLog({ heads, leaves, readTiles: rewritten.readTiles })).toEqual(place)
    expect(await verifyLog({ heads: [log.head], leaves })).toEqual(between('record-differs', 0, 699))
  })
})

describe('without tiles, earlier checkpoints narrow it down', () => {
  test.each([
    [0, 0, 99],
    [99, 0, 99],
    [100, 100, 355],
    [355, 100, 355],
    [356, 356, 699],
    [699, 356, 699],
  ])('a fault at %i lies from %i to %i', async (index, first, last) => {
    const log = await sealedLog()
    const entries = inBatches(log.entries.with(index, Buffer.from('other')))
    const verdict = await verifyLog({ heads: log.heads, leaves: { entries } })
    expect(verdict).toEqual(between('record-differs', first, last))
  })

  test('a cut tail lies behind the last checkpoint that holds', async () => {
    const log = await sealedLog()
    const leaves = (kept: number) => ({ entries: inBatches(log.entries.slice(0, kept)) })
    expect(await verifyLog({ heads: log.heads, leaves: leaves(400) })).toEqual(between('record-missing', 356, 400))
    expect(await verifyLog({ heads: log.heads, leaves: leaves(356) })).toEqual(exactly('record-missing', 356))
    expect(await verifyLog({ heads: [log.head], leaves: leaves(400) })).toEqual(between('record-missing', 0, 400))
  })
})

describe('[B23] two histories signed by one log', () => {
  test('an earlier checkpoint that the records do not pass through', async () => {
    const log = await sealedLog()
    const forked = { size: 356n, root: hashOf(Uint8Array.of(1)) }
    const heads = [log.heads[0] as typeof forked, forked, log.head]
    const verdict = await verifyLog({ ...claim(log, log.entries), heads })
    expect(verdict).toEqual(between('history-differs', 100, 355))
  })

  test('two checkpoints of one size', async () => {
    const log = await sealedLog()
    const forked = { size: 700n, root: hashOf(Uint8Array.of(1)) }
    for (const heads of [
      [log.head, forked],
      [forked, log.head],
    ]) {
      const verdict = await verifyLog({ heads, leaves: { entries: [log.entries] } })
      expect(verdict).toEqual(between('history-differs', 0, 699))
    }
  })
})

describe('[B23] tiles that were edited', () => {
  test('while the records hold, the first wrong hash is named', async () => {
    const log = await sealedLog()
    log.forgeTile('tile/0/001', 44, hashOf(Uint8Array.of(1)))
    log.forgeTile('tile/0/001', 50, hashOf(Uint8Array.of(1)))
    expect(await verifyLog(claim(log, log.entries))).toEqual(exactly('tile-differs', 300))
  })

  test('to match an edited record, the record is still found out', async () => {
    const log = await sealedLog()
    const other = Buffer.from('other')
    log.forgeTile('tile/0/001', 44, leafHash(other))
    const verdict = await verifyLog({ ...claim(log, log.entries.with(300, other)), heads: log.heads })
    expect(verdict).toEqual(between('record-differs', 100, 355))
  })

  test('before a record that differs, leave open which came first', async () => {
    const log = await sealedLog()
    log.forgeTile('tile/0/000', 9, hashOf(Uint8Array.of(1)))
    const verdict = await verifyLog(claim(log, log.entries.with(300, Buffer.from('other'))))
    expect(verdict).toEqual(between('record-differs', 0, 300))
  })

  test('behind a cut, do not vouch for what is before it', async () => {
    const log = await sealedLog()
    log.forgeTile('tile/1/000.p/2', 0, hashOf(Uint8Array.of(1)))
    const verdict = await verifyLog({ ...claim(log, log.entries.slice(0, 500)), heads: log.heads })
    expect(verdict).toEqual(between('record-missing', 356, 500))
  })
})

describe('what cannot be verified', () => {
  const root = hashOf(Uint8Array.of(1))
  test.each([
    ['no head', [], 'checkpoint-structure'],
    [
      'descending heads',
      [
        { size: 5n, root },
        { size: 4n, root },
      ],
      'sizes-out-of-order',
    ],
    ['an empty head with a root', [{ size: 0n, root }], 'checkpoint-structure'],
    ['a negative size', [{ size: -1n, root }], 'not-uint64'],
    ['a size past 2^64-1', [{ size: 2n ** 64n, root }], 'not-uint64'],
    ['a short root', [{ size: 1n, root: new Uint8Array(5) }], 'hash-length'],
  ] as const)('%s', async (_what, heads, reason) => {
    await expect(verifyLog({ heads, leaves: { entries: [] } })).rejects.toMatchObject({ reason })
  })

  test('leaf hashes of another length', async () => {
    const leaves = { leafHashes: [[new Uint8Array(31)]] }
    const verdict = verifyLog({ heads: [{ size: 5n, root }], leaves })
    await expect(verdict).rejects.toMatchObject({ reason: 'hash-length' })
  })

  test('a reader that fails is heard, one that breaks its contract is caught', async () => {
    const log = await sealedLog()
    const failing = { ...claim(log, log.entries), readTiles: () => Promise.reject(new Error('disk on fire')) }
    await expect(verifyLog(failing)).rejects.toThrow('disk on fire')
    const short = { ...claim(log, log.entries), readTiles: async () => [new Uint8Array(32)] }
    await expect(verifyLog(short)).rejects.toMatchObject({ reason: 'tile-length' })
  })

  test('reading stops behind the checkpoint', async () => {
    const log = await sealedLog()
    let given = 0
    function* endless() {
      while (true) yield entriesFrom(given++ * 50, 50)
    }
    const verdict = await verifyLog({ heads: [log.head], leaves: { entries: endless() } })
    expect(verdict).toEqual(exactly('record-unsealed', SIZES[2]))
    expect(given).toBe(15)
  })
})
