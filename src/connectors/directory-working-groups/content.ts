/**
 * What the charters of a folder say, one file a group, read but not yet judged. A charter is a YAML file, or the first
 * `yaml` block of a Markdown file; a Markdown file without one is text for people and passed over.
 */
import { basename } from 'node:path'
import { readFilesOf } from '../../files/folder.ts'
import { readAll } from '../../files/validate.ts'
import type { FileText, Path, Read } from '../../files/yaml.ts'
import { type Charter, charterSchema } from './schema.ts'

export interface Group extends Charter {
  /** Name of its file without the ending, in lower case. */
  readonly key: string
  at(path?: Path): string
}

export interface Charters {
  readonly groups: readonly Group[]
  /** Every text that was read, for the revision. */
  readonly texts: readonly string[]
}

export interface Counts {
  readonly groups: number
  readonly areas: number
  /** Entries of `bots` of the groups themselves. */
  readonly groupBots: number
  readonly areaBots: number
  readonly repositories: number
}

export function countsOf({ groups }: Charters): Counts {
  const areas = groups.flatMap((group) => group.areas)
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
  return {
    groups: groups.length,
    areas: areas.length,
    groupBots: sum(groups.map(({ bots }) => bots.length)),
    areaBots: sum(areas.map(({ bots }) => bots.length)),
    repositories: new Set(areas.flatMap(({ repositories }) => repositories.map((name) => name.toLowerCase()))).size,
  }
}

export async function readCharters(path: string): Promise<Read<Charters>> {
  const files = await readFilesOf(path, ['.yaml', '.yml', '.md'])
  if ('problems' in files) return files
  const charters = files.value.flatMap((file) => charterIn(file) ?? [])
  if (charters.length === 0) return { problems: [{ where: `${path}:1:1`, message: 'holds no charter' }] }
  const read = readAll(charters, charterSchema)
  if ('problems' in read) return read
  const groups = read.value.map(({ document, content }): Group => {
    const key = basename(document.name)
      .replace(/\.[^.]+$/, '')
      .toLowerCase()
    return { ...content, key, at: (inner = []) => document.at(inner) }
  })
  return { value: { groups, texts: charters.map(({ name, text }) => `${basename(name)}\n${text}`) } }
}

/** Lines before the block are emptied rather than cut off, so that problems point at the line in the file. */
function charterIn(file: FileText): FileText | undefined {
  if (!file.name.endsWith('.md')) return file
  const lines = file.text.split(/\r?\n/)
  const begin = lines.findIndex((line) => /^```ya?ml\s*$/.test(line))
  if (begin < 0) return undefined
  const length = lines.slice(begin + 1).findIndex((line) => /^```\s*$/.test(line))
  const end = length < 0 ? lines.length : begin + 1 + length
  return {
    name: file.name,
    text: lines
      .slice(0, end)
      .map((line, number) => (number <= begin ? '' : line))
      .join('\n'),
  }
}
