/** What tests of directory sources have in common: a folder to spoil, what a read says, and what it means for people. */
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type DirectorySource, SourceError } from '../../src/connectors/directory.ts'
import { compileDirectory } from '../../src/core/compile.ts'
import { type DirectoryFacts, emptyDirectory, type SourceSnapshot } from '../../src/core/directory.ts'
import { applySource } from '../../src/core/merge.ts'
import { scratchFolder } from './scratch-folder.ts'

/** A copy of a folder with these files changed or added. */
export async function spoiled(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  const copy = join(scratchFolder('source').folder, 'copy')
  await cp(folder, copy, { recursive: true })
  await write(copy, files)
  return copy
}

/** A new folder with these files and nothing else. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const { folder } = scratchFolder('source')
  await write(folder, files)
  return folder
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

/** @returns `file:line:column: message` of every problem, with paths from `folder`; fails the test when it could be read. */
export async function problemsOf(source: DirectorySource, now: string, folder = '/none'): Promise<readonly string[]> {
  try {
    await source.read(now)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return error.problems.map(({ where, message }) => `${where}: ${message}`.replaceAll(`${folder}/`, ''))
  }
  throw new Error('the source could be read')
}

/** Everything related, as sentences. */
export function sentencesOf({ relations }: Pick<SourceSnapshot, 'relations'>): readonly string[] {
  return relations.map(({ from, relation, to }) => `${from} ${relation} ${to}`)
}

export function factsFrom(now: string, ...snapshots: readonly SourceSnapshot[]): DirectoryFacts {
  return snapshots.reduce((facts, snapshot) => applySource(facts, snapshot, now, 400), emptyDirectory)
}

export function compiledFrom(now: string, ...snapshots: readonly SourceSnapshot[]) {
  return compileDirectory(factsFrom(now, ...snapshots))
}

/** Ends of relations, turns and access that the source itself does not describe. */
export function undescribedIn({ nodes, relations, shifts, access = [] }: SourceSnapshot): readonly string[] {
  const known = new Set(nodes.map(({ id }) => id))
  const named = [
    ...relations.flatMap(({ from, to }) => [from, to]),
    ...shifts.flatMap(({ rota, person }) => [rota, person]),
    ...access.flatMap(({ holder, system }) => [holder, system]),
  ]
  return [...new Set(named)].filter((id) => !known.has(id)).sort()
}
