/**
 * What do these directory files say? One file or a folder's worth becomes sections whose entries keep their places. It
 * knows the shape only: which names lead somewhere is checked by the directory source that makes facts of it.
 */
import {
  type DirectoryFile,
  directorySchema,
  type IssuerEntry,
  type PersonEntry,
  type RotaEntry,
  type SystemEntry,
  type TeamEntry,
  type WorkloadEntry,
} from './directory-schema.ts'
import { mergeList, mergeSection, mergeSingle, type Placed, type Section } from './merge.ts'
import { type Prefix, withPrefix, wrongPrefix } from './reference.ts'
import { readAll } from './validate.ts'
import { capped, type FileText, type Problem, type Read } from './yaml.ts'

/** Every section by id with prefix. */
export interface DirectoryContent {
  readonly people: Section<PersonEntry>
  readonly teams: Section<TeamEntry>
  readonly workloads: Section<WorkloadEntry>
  readonly systems: Section<SystemEntry>
  readonly rotas: Section<RotaEntry>
  /** By key without prefix: accounts refer to it as it stands. */
  readonly issuers: Section<IssuerEntry>
  readonly accountsConfirmedBy: Placed<readonly string[]> | undefined
  readonly elsewhere: readonly Placed<string>[]
  readonly staleAfterSeconds: number
}

const staleAfterSecondsDefault = 86_400

export function readDirectory(files: readonly FileText[]): Read<DirectoryContent> {
  const read = readAll(files, directorySchema)
  if ('problems' in read) return read
  const problems: Problem[] = []
  const section = <Item>(name: keyof DirectoryFile, prefix: Prefix): Section<Item> => {
    const merged = mergeSection<Item>(name, read.value, problems, (key) => withPrefix(prefix, key))
    for (const [id, entry] of merged) {
      const wrong = wrongPrefix(id.slice(prefix.length + 1), [prefix])
      if (wrong !== undefined) problems.push({ where: entry.at(), message: wrong })
    }
    return merged
  }
  const value: DirectoryContent = {
    people: section('people', 'per'),
    teams: section('teams', 'team'),
    workloads: section('workloads', 'wl'),
    systems: section('systems', 'sys'),
    rotas: section('rotas', 'rota'),
    issuers: mergeSection<IssuerEntry>('issuers', read.value, problems),
    accountsConfirmedBy: mergeSingle<readonly string[]>('accountsConfirmedBy', read.value, problems),
    elsewhere: mergeList<string>('elsewhere', read.value),
    staleAfterSeconds: mergeSingle<number>('staleAfter', read.value, problems)?.value ?? staleAfterSecondsDefault,
  }
  return problems.length > 0 ? { problems: capped(problems) } : { value }
}
