/**
 * What a witness has cosigned last, per log, on its own disk. A step forward is one new file with the next number, made by a
 * link that fails when the number is taken: so checking and writing is one act, also for two processes on one folder, and
 * whatever dies in between leaves the state from before or the state after. Nothing ever goes back.
 */
import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseCheckpoint, parseNote, type TreeHead } from '../log/index.ts'
import { syncFolder, writeNew } from '../store/embedded/files.ts'

export interface Latest extends TreeHead {
  /** The note as the log sent it. */
  readonly note: string
  /** Which step of this log it is; 0 for none. */
  readonly step: number
}

export interface WitnessFiles {
  latest(origin: string): Promise<Latest | undefined>
  /** @returns false when somebody else went on from there meanwhile; then nothing was changed. */
  advance(origin: string, from: Latest | undefined, note: string): Promise<boolean>
  /** Keeps what two histories were signed with, for people. */
  keepEvidence(origin: string, request: string): Promise<void>
}

const keptSteps = 3
const evidenceMax = 100

export function witnessFiles(folder: string): WitnessFiles {
  const folderOf = (origin: string) => join(folder, createHash('sha256').update(origin).digest('hex').slice(0, 32))
  return {
    latest: (origin) => latestIn(folderOf(origin)),
    async advance(origin, from, note) {
      const own = folderOf(origin)
      await mkdir(own, { recursive: true, mode: 0o700 })
      const step = (from?.step ?? 0) + 1
      if (!(await claim(own, step, note))) return false
      const steps = await stepsIn(own)
      // Whoever read long ago may find its number free again, because it was tidied away behind later ones.
      if (Math.max(...steps) !== step) return false
      await tidy(own, steps)
      return true
    },
    async keepEvidence(origin, request) {
      const own = join(folderOf(origin), 'evidence')
      await mkdir(own, { recursive: true, mode: 0o700 })
      if ((await readdir(own)).length >= evidenceMax) return
      await writeNew(join(own, `${new Date().toISOString().replaceAll(':', '')}-${randomUUID()}.txt`), request)
      await syncFolder(own)
    },
  }
}

async function latestIn(folder: string): Promise<Latest | undefined> {
  const step = Math.max(0, ...(await stepsIn(folder)))
  if (step === 0) return undefined
  const note = await readFile(join(folder, nameOf(step)), 'utf8')
  const { size, root } = parseCheckpoint(parseNote(note).text)
  return { step, size, root, note }
}

/** The whole file is on the disk before it gets its name, and its name before anybody is told. */
async function claim(folder: string, step: number, note: string): Promise<boolean> {
  const staging = join(folder, `.${randomUUID()}`)
  await writeNew(staging, note)
  try {
    await link(staging, join(folder, nameOf(step)))
    await syncFolder(folder)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(staging, { force: true })
  }
}

async function tidy(folder: string, steps: readonly number[]): Promise<void> {
  const old = steps.toSorted((a, b) => b - a).slice(keptSteps)
  for (const step of old) await rm(join(folder, nameOf(step)), { force: true })
}

async function stepsIn(folder: string): Promise<readonly number[]> {
  try {
    return (await readdir(folder)).flatMap((name) => (/^\d{12}\.note$/.test(name) ? [Number(name.slice(0, 12))] : []))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function nameOf(step: number): string {
  return `${String(step).padStart(12, '0')}.note`
}
