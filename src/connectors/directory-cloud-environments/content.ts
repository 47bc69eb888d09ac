/** What the files of a folder say, one application each, read but not yet judged. */
import { basename } from 'node:path'
import { readFilesOf } from '../../files/folder.ts'
import { readAll } from '../../files/validate.ts'
import { idPattern } from '../../files/values.ts'
import type { Path, Problem, Read } from '../../files/yaml.ts'
import { type Application, applicationSchema } from './schema.ts'

export interface Placed extends Application {
  /** Name of its file without the ending; accounts are named by it. */
  readonly key: string
  at(path?: Path): string
}

export interface Applications {
  readonly applications: readonly Placed[]
  /** Every text that was read, for the revision. */
  readonly texts: readonly string[]
}

export interface Counts {
  readonly applications: number
  readonly environments: number
  readonly accessRows: number
  readonly groups: number
  readonly levels: number
}

export function countsOf({ applications }: Applications): Counts {
  const environments = applications.flatMap((application) => application.environments)
  const rows = environments.flatMap(({ access }) => access)
  return {
    applications: applications.length,
    environments: environments.length,
    accessRows: rows.length,
    groups: new Set(rows.map((row) => row.sso_group_name)).size,
    levels: new Set(rows.map((row) => row.level)).size,
  }
}

/** JSON is read as the subset of YAML that it is, so that every value keeps its line. */
export async function readApplications(path: string): Promise<Read<Applications>> {
  const files = await readFilesOf(path, ['.json'])
  if ('problems' in files) return files
  const read = readAll(files.value, applicationSchema)
  if ('problems' in read) return read
  const problems: Problem[] = []
  const applications = read.value.map(({ document, content }): Placed => {
    const key = basename(document.name, '.json')
    if (!idPattern.test(key) || key.includes('.'))
      problems.push({
        where: `${document.name}:1:1`,
        message: 'accounts are named by the file: expected lower-case letters, digits, `-` and `_`',
      })
    return { ...content, key, at: (inner = []) => document.at(inner) }
  })
  const texts = files.value.map(({ name, text }) => `${basename(name)}\n${text}`)
  return problems.length > 0 ? { problems } : { value: { applications, texts } }
}
