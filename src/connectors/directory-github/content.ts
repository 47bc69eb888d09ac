/**
 * What the configuration of GitHub organisations says, read but not yet judged: organisations, teams with the folder
 * that defines them, who owns which folder, and the community's groups.
 */
import type { Dirent } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { z } from 'zod'
import { readText } from '../../files/folder.ts'
import { validate } from '../../files/validate.ts'
import { capped, type Path, type Problem, parseYaml, type Read, type YamlDocument } from '../../files/yaml.ts'
import {
  aliasesSchema,
  type GroupEntry,
  groupsSchema,
  organisationSchema,
  ownersSchema,
  type TeamEntry,
  teamsSchema,
} from './schema.ts'

export interface Team extends Omit<TeamEntry, 'teams'> {
  readonly organisation: string
  readonly name: string
  /** Names of the teams it is nested in, outermost first. */
  readonly inside: readonly string[]
  /** Folder of the file that defines it, relative to the root: `config/kubernetes/sig-node`. */
  readonly folder: string
  at(path?: Path): string
}

export interface Organisation {
  /** Name of its folder, which is its name on GitHub. */
  readonly login: string
  readonly name: string
  readonly admins: readonly string[]
  readonly members: readonly string[]
  readonly folder: string
  at(path?: Path): string
}

/** An `OWNERS` file: who may approve changes to this folder, and so to what is defined in it. */
export interface Owners {
  readonly approvers: readonly string[]
  /** Approvers of the folders above do not count here. */
  readonly alone: boolean
  at(path?: Path): string
}

export interface Group extends GroupEntry {
  at(path?: Path): string
}

export interface GithubContent {
  readonly organisations: readonly Organisation[]
  readonly teams: readonly Team[]
  /** By folder. */
  readonly owners: ReadonlyMap<string, Owners>
  readonly aliases: ReadonlyMap<string, readonly string[]>
  readonly groups: readonly Group[]
  /** Every text that was read, for the revision. */
  readonly texts: readonly string[]
}

export interface Counts {
  readonly organisations: number
  /** Members and admins of organisations, machines included; each login once. */
  readonly logins: number
  readonly teams: number
  readonly teamDepthMax: number
  /** Entries of `members` and `maintainers` of all teams. */
  readonly memberships: number
  /** `OWNERS` files below `config`. */
  readonly owners: number
}

export function countsOf(content: GithubContent): Counts {
  const logins = content.organisations.flatMap(({ admins, members }) => [...admins, ...members])
  return {
    organisations: content.organisations.length,
    logins: new Set(logins.map((login) => login.toLowerCase())).size,
    teams: content.teams.length,
    teamDepthMax: Math.max(0, ...content.teams.map(({ inside }) => inside.length + 1)),
    memberships: content.teams.reduce((sum, { members, maintainers }) => sum + members.length + maintainers.length, 0),
    owners: [...content.owners.keys()].filter((folder) => folder !== '.').length,
  }
}

/** @returns everything below `root`, or every problem. `root` holds `config/` and may hold `OWNERS_ALIASES` and `sigs.yaml`. */
export async function readGithub(root: string): Promise<Read<GithubContent>> {
  const reader = new Reader(root)
  await reader.read()
  return reader.problems.length > 0 ? { problems: capped(reader.problems) } : { value: reader.content() }
}

class Reader {
  readonly problems: Problem[] = []
  private readonly root: string
  private readonly organisations: Organisation[] = []
  private readonly teams: Team[] = []
  private readonly owners = new Map<string, Owners>()
  private aliases: ReadonlyMap<string, readonly string[]> = new Map()
  private groups: readonly Group[] = []
  private readonly texts: string[] = []

  constructor(root: string) {
    this.root = root
  }

  content(): GithubContent {
    const { organisations, teams, owners, aliases, groups, texts } = this
    return { organisations, teams, owners, aliases, groups, texts }
  }

  async read(): Promise<void> {
    const config = join(this.root, 'config')
    if (!(await exists(config))) return this.report(config, 'is no folder; organisations are expected in it')
    await this.readOwners(this.root)
    await this.readAliases()
    await this.readGroups()
    for (const entry of await sorted(config)) {
      if (entry.isDirectory()) await this.readOrganisation(join(config, entry.name))
    }
    if (this.organisations.length === 0) this.report(config, 'holds no `<organisation>/org.yaml`')
  }

  private async readOrganisation(folder: string): Promise<void> {
    const read = await this.load(join(folder, 'org.yaml'), organisationSchema)
    if (read === undefined) return
    const { document, content } = read
    const login = relative(join(this.root, 'config'), folder)
    const { name, admins, members, teams } = content
    const at = (path: Path = []) => document.at(path)
    this.organisations.push({ login, name: name ?? login, admins, members, folder: relative(this.root, folder), at })
    this.addTeams(login, folder, teams, document, ['teams'], [])
    await this.readOwners(folder)
    await this.readTeamsBelow(login, folder)
  }

  private async readTeamsBelow(organisation: string, folder: string): Promise<void> {
    for (const entry of await sorted(folder)) {
      if (!entry.isDirectory()) continue
      const inner = join(folder, entry.name)
      await this.readOwners(inner)
      const file = join(inner, 'teams.yaml')
      const read = (await exists(file)) ? await this.load(file, teamsSchema) : undefined
      if (read !== undefined) this.addTeams(organisation, inner, read.content.teams, read.document, ['teams'], [])
      await this.readTeamsBelow(organisation, inner)
    }
  }

  private addTeams(
    organisation: string,
    folder: string,
    teams: Readonly<Record<string, TeamEntry>>,
    document: YamlDocument,
    path: Path,
    inside: readonly string[],
  ): void {
    for (const [name, { teams: nested, ...team }] of Object.entries(teams)) {
      const own = [...path, name]
      const at = (inner: Path = []) => document.at([...own, ...inner], inner.length === 0 ? 'key' : 'value')
      this.teams.push({ ...team, organisation, name, inside, folder: relative(this.root, folder), at })
      this.addTeams(organisation, folder, nested, document, [...own, 'teams'], [...inside, name])
    }
  }

  private async readOwners(folder: string): Promise<void> {
    const file = join(folder, 'OWNERS')
    const read = (await exists(file)) ? await this.load(file, ownersSchema) : undefined
    if (read === undefined) return
    const { approvers, filters, options } = read.content
    const all = [...approvers, ...Object.values(filters).flatMap((filter) => filter.approvers)]
    const at = (path: Path = []) => read.document.at(path)
    this.owners.set(relative(this.root, folder) || '.', {
      approvers: all,
      alone: options?.no_parent_owners ?? false,
      at,
    })
  }

  private async readAliases(): Promise<void> {
    const file = join(this.root, 'OWNERS_ALIASES')
    const read = (await exists(file)) ? await this.load(file, aliasesSchema) : undefined
    if (read !== undefined) this.aliases = new Map(Object.entries(read.content.aliases))
  }

  private async readGroups(): Promise<void> {
    const file = join(this.root, 'sigs.yaml')
    const read = (await exists(file)) ? await this.load(file, groupsSchema) : undefined
    if (read === undefined) return
    this.groups = Object.entries(read.content).flatMap(([kind, groups]) =>
      groups.map((group, index): Group => ({ ...group, at: (path = []) => read.document.at([kind, index, ...path]) })),
    )
  }

  private async load<Schema extends z.ZodType>(
    file: string,
    schema: Schema,
  ): Promise<{ document: YamlDocument; content: z.output<Schema> } | undefined> {
    const text = await readText(file)
    if ('problems' in text) return this.reportAll(text.problems)
    this.texts.push(`${relative(this.root, file)}\n${text.value.text}`)
    const document = parseYaml(text.value)
    if ('problems' in document) return this.reportAll(document.problems)
    const content = validate(document.value, schema)
    if ('problems' in content) return this.reportAll(content.problems)
    return { document: document.value, content: content.value }
  }

  private reportAll(problems: readonly Problem[]): undefined {
    this.problems.push(...problems)
    return undefined
  }

  private report(path: string, message: string): undefined {
    this.problems.push({ where: `${path}:1:1`, message })
    return undefined
  }
}

/** Folders from `folder` up to the root, nearest first. */
export function upwards(folder: string): readonly string[] {
  return folder === '.' || folder === '' ? ['.'] : [folder, ...upwards(dirname(folder))]
}

async function sorted(folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
