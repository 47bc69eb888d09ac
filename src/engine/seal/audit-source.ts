/**
 * The database as a source for an audit of the log: entries are made from the rows of events again, and what stands beside
 * them (bodies, facts) is compared as well. It hides nothing: where a row is missing, the entries end.
 */
import type { FactsReference } from '../../core/waiver.ts'
import { type Doubt, KeysDiffer, type LogSource, leafOf, SourceGap } from '../../proof/index.ts'
import type { Store, StoredEvent } from '../../store/contract.ts'
import { TileMissing } from '../../store/log-contract.ts'
import { LogBroken } from './broken.ts'
import { noWitnesses, publishedCheckpoint, publishedKeys } from './published.ts'

const batchMax = 2_000
const revisionsMax = 200
/** Heads are spread evenly over the log, at most so many: each costs a signature, and any of them narrows down a fault. */
const headsMax = 10_000n

/** @returns undefined when nothing was sealed */
export async function auditSource(store: Store): Promise<LogSource | undefined> {
  const newest = await store.log.newest()
  const note = await publishedCheckpoint(store, noWitnesses)
  if (newest === undefined || note === undefined) return undefined
  const doubts: Doubt[] = []
  /** Facts that were found: many acts rest on the same ones. */
  const there = new Set<string>()
  return {
    async keys() {
      try {
        const keys = await publishedKeys(store)
        if (keys !== undefined) return keys
      } catch (error) {
        if (!(error instanceof LogBroken)) throw error
        throw new KeysDiffer(error.message)
      }
      throw new KeysDiffer('the log has no record of its beginning')
    },
    checkpoint: async () => note,
    async *earlier() {
      let shown = 0n
      for (let after = 0n; ; ) {
        const page = await store.log.checkpoints(newest.origin, after, batchMax)
        for (const { size, note: earlier } of page) {
          if (size >= newest.size || (size - shown) * headsMax < newest.size) continue
          shown = size
          yield earlier
        }
        if (page.length < batchMax) return
        after = page.at(-1)?.size ?? newest.size
      }
    },
    async readTiles(tiles) {
      try {
        return await store.log.readTiles(tiles)
      } catch (error) {
        if (error instanceof TileMissing) throw new SourceGap(error.message)
        throw error
      }
    },
    async *entries(size) {
      for (let next = 0n; next < size; ) {
        const left = size - next
        const rows = await store.feed.after(next - 1n, left < batchMax ? Number(left) : batchMax)
        const whole = withoutGap(rows, next)
        doubts.push(...(await doubtsIn(store, whole, there)))
        yield whole.map(leafOf)
        next += BigInt(whole.length)
        if (whole.length === 0 || whole.length < rows.length) return
      }
    },
    doubts: async () => doubts[0] ?? (await differingFacts(store)),
  }
}

type Row = StoredEvent & { readonly position: bigint }

function withoutGap(rows: readonly Row[], from: bigint): readonly Row[] {
  const gap = rows.findIndex(({ position }, offset) => position !== from + BigInt(offset))
  return gap < 0 ? rows : rows.slice(0, gap)
}

/** The first in the order of the log. */
async function doubtsIn({ revisions }: Store, rows: readonly Row[], there: Set<string>): Promise<readonly Doubt[]> {
  const altered = rows.find((row) => row.altered)
  const cited = new Map(rows.toReversed().flatMap((row) => citedBy(row).map((digest) => [digest, row] as const)))
  const absent = await revisions.absent([...cited.keys()].filter((digest) => !there.has(digest)))
  for (const digest of cited.keys()) if (!absent.includes(digest)) there.add(digest)
  const found: Doubt[] = absent.map((digest) => {
    const row = cited.get(digest) as Row
    return {
      finding: 'facts-missing',
      index: row.position,
      detail: `\`${row.id}\` rests on \`${digest}\`, which is not there, or not whole`,
    }
  })
  if (altered !== undefined) {
    const { id, position: index } = altered
    found.push({
      finding: 'body-differs',
      index,
      detail: `the body of \`${id}\` is not the one that was sealed at index ${index}`,
    })
  }
  return found.toSorted((a, b) => Number((a.index ?? 0n) - (b.index ?? 0n)))
}

function citedBy({ body }: Row): readonly string[] {
  const facts = (body as { facts?: FactsReference } | undefined)?.facts
  return facts === undefined
    ? []
    : [facts.directory, facts.policy, facts.circumstances].filter((digest) => digest !== '')
}

async function differingFacts({ revisions }: Store): Promise<Doubt | undefined> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: { differing: readonly string[]; next?: string } = await revisions.examine(after, revisionsMax)
    const [first] = page.differing
    if (first !== undefined) {
      return { finding: 'facts-differ', detail: `\`${first}\` does not have the content it is named after` }
    }
    after = page.next
  }
  return undefined
}
