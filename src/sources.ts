/**
 * The kinds of directory sources there are: what is set for each, and how one is made of its settings. A new kind is a
 * folder in `connectors` and an entry here; nothing else knows them all.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { DirectorySource } from './connectors/directory.ts'
import {
  cloudEnvironmentsSettings,
  directoryCloudEnvironments,
} from './connectors/directory-cloud-environments/source.ts'
import { csvSettings, directoryCsv } from './connectors/directory-csv/source.ts'
import { directoryGithub, githubSettings } from './connectors/directory-github/source.ts'
import { directoryIcalendar, icalendarSettings } from './connectors/directory-icalendar/source.ts'
import { ldapSettings } from './connectors/directory-ldap/settings.ts'
import { directoryLdap } from './connectors/directory-ldap/source.ts'
import {
  directoryPagerdutyTerraform,
  pagerdutyTerraformSettings,
} from './connectors/directory-pagerduty-terraform/source.ts'
import { directoryRetired, retiredSettings } from './connectors/directory-retired/source.ts'
import { directoryScim, scimSettings } from './connectors/directory-scim/source.ts'
import { directoryWorkingGroups, workingGroupsSettings } from './connectors/directory-working-groups/source.ts'
import { directoryYaml, yamlSettings } from './connectors/directory-yaml/source.ts'
import type { SourceOptions } from './connectors/facts-draft.ts'
import type { SourceId } from './core/directory.ts'
import { usualLimits } from './core/merge.ts'
import { secondsOf } from './core/time.ts'
import { durationText } from './files/values.ts'
import type { ScimState } from './store/scim-contract.ts'

const seconds = durationText.transform((text) => secondsOf(text) ?? 0)

/** What is set for every source, whatever its kind. */
const common = {
  id: z.string().min(1).describe('name of the source; stands in every conflict that rests on it'),
  every: seconds.default(60).describe('how often it is read'),
  staleAfter: seconds.default(3_600).describe('older than this, its facts no longer count as known'),
  shrink: z
    .strictObject({
      share: z
        .number()
        .min(0)
        .max(1)
        .default(usualLimits.share)
        .describe('more than this share gone is too much at once'),
      atLeast: z.int().min(1).default(usualLimits.atLeast).describe('fewer than so many are never too much'),
      within: seconds.default(usualLimits.withinSeconds).describe('over this time losses add up'),
    })
    .prefault({}),
}

/** What a source may need besides its settings. */
export interface Making {
  /** Folder of the configuration file; every relative path starts here. */
  readonly base: string
  readonly readSecret: (reference: string) => string
  /** Absent where nothing is pushed: offline. */
  readonly scimState?: Pick<ScimState, 'everything' | 'changes' | 'named'>
}

type Settings<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>
type Make<Shape extends z.ZodRawShape> = (settings: Settings<Shape> & SourceOptions, making: Making) => DirectorySource

interface Kind<Name extends string, Shape extends z.ZodRawShape> {
  readonly name: Name
  readonly shape: Shape
  readonly make: Make<Shape>
}

function kind<Name extends string, Shape extends z.ZodRawShape>(
  name: Name,
  shape: Shape,
  make: Make<Shape>,
): Kind<Name, Shape> {
  return { name, shape, make }
}

/** A path as it is meant: from the configuration file. */
const placed = <Options extends { readonly path: string }>(options: Options, { base }: Making): Options => ({
  ...options,
  path: resolve(base, options.path),
})

const yaml = kind('yaml', yamlSettings, (settings, making) => directoryYaml(placed(settings, making)))
const github = kind('github', githubSettings, (settings, making) => directoryGithub(placed(settings, making)))
const csv = kind('csv', csvSettings, (settings, making) => directoryCsv(placed(settings, making)))
const workingGroups = kind('working-groups', workingGroupsSettings, (settings, making) =>
  directoryWorkingGroups(placed(settings, making)),
)

const cloudEnvironments = kind('cloud-environments', cloudEnvironmentsSettings, (settings, making) =>
  directoryCloudEnvironments(placed(settings, making)),
)

const pagerdutyTerraform = kind('pagerduty-terraform', pagerdutyTerraformSettings, (settings, making) =>
  directoryPagerdutyTerraform(placed(settings, making)),
)

/** An address as it stands, what a reference leads to, or a path from the configuration file. */
const icalendar = kind('icalendar', icalendarSettings, (settings, { base, readSecret }) => {
  const { calendar } = settings
  const reference = /^(?:env|file):/.test(calendar)
  const isAddress = /^https?:/i.test(calendar)
  return directoryIcalendar({
    ...settings,
    calendar: reference ? readSecret(calendar) : isAddress ? calendar : resolve(base, calendar),
  })
})

const ldap = kind('ldap', ldapSettings, ({ ca, password, ...settings }, { base, readSecret }) =>
  directoryLdap({
    ...settings,
    ...(ca === undefined ? {} : { ca: readFileSync(resolve(base, ca), 'utf8') }),
    ...(password === undefined ? {} : { password: readSecret(password) }),
  }),
)

/** Pushed to us; how its client is recognised is for whoever listens. Its provider may have nothing to say for a day. */
const scim = kind(
  'scim',
  {
    ...scimSettings,
    staleAfter: seconds.default(86_400).describe('longer without a call, its facts no longer count as known'),
  },
  ({ token: _, ...settings }, { scimState }) => {
    if (scimState === undefined)
      throw new Error('what is pushed by SCIM is remembered by an installation, and there is none here')
    return directoryScim({ ...settings, state: scimState })
  },
)

const retired = kind('retired', retiredSettings, (settings) => directoryRetired(settings))

const kinds = [
  yaml,
  github,
  csv,
  workingGroups,
  cloudEnvironments,
  pagerdutyTerraform,
  icalendar,
  ldap,
  scim,
  retired,
] as const

export const sourceKinds: readonly string[] = kinds.map(({ name }) => name)

const schemaOf = <Name extends string, Shape extends z.ZodRawShape>({ name, shape }: Kind<Name, Shape>) =>
  z.strictObject({ ...common, kind: z.literal(name), ...shape })

export const directorySourceSchema = z.discriminatedUnion('kind', [
  schemaOf(yaml),
  schemaOf(github),
  schemaOf(csv),
  schemaOf(workingGroups),
  schemaOf(cloudEnvironments),
  schemaOf(pagerdutyTerraform),
  schemaOf(icalendar),
  schemaOf(ldap),
  schemaOf(scim),
  schemaOf(retired),
])

export type SourceSettings = z.output<typeof directorySourceSchema>

/** Two sources of one id would end each other's facts; two of one namespace would name different groups alike. */
export const directorySourcesSchema = z
  .array(directorySourceSchema)
  .min(1)
  .superRefine((sources, context) => {
    const ids = new Set<string>()
    const namespaces = new Map<string, string>()
    for (const [index, settings] of sources.entries()) {
      const say = (message: string) => context.addIssue({ code: 'custom', path: [index], message })
      if (ids.has(settings.id)) say(`\`${settings.id}\` is the id of another source already`)
      ids.add(settings.id)
      if (!('namespace' in settings)) continue
      const other = namespaces.get(settings.namespace)
      if (other !== undefined)
        say(
          `\`${settings.namespace}\` is the namespace of \`${other}\` already; its groups would be taken for those of this source`,
        )
      namespaces.set(settings.namespace, settings.id)
    }
  })

/** @throws what the source's own settings may be wrong about, such as a secret that cannot be read. */
export function sourceFrom(
  { id, kind: name, every, staleAfter, shrink, ...own }: SourceSettings,
  making: Making,
  precedence?: number,
): DirectorySource & { readonly everySeconds: number } {
  const found = kinds.find((each) => each.name === name) as Kind<string, z.ZodRawShape> | undefined
  if (found === undefined) throw new Error(`bug: no source is of the kind \`${name}\``)
  const source = found.make({ ...own, source: id, staleAfterSeconds: staleAfter }, making)
  const { share, atLeast, within } = shrink
  return {
    id,
    kind: source.kind,
    async read(now) {
      const snapshot = await source.read(now)
      return precedence === undefined ? snapshot : { ...snapshot, source: { ...snapshot.source, precedence } }
    },
    everySeconds: every,
    shrink: { share, atLeast, withinSeconds: within },
  }
}

/** Forms of organisations that a folder shows by what is in it. */
export type Form = SourceSettings['kind']

/** @returns the form of a file or folder by what it holds; `yaml` where nothing tells it from a directory of our own. */
export function formAt(path: string): Form {
  if (!existsSync(path) || !statSync(path).isDirectory()) return 'yaml'
  if (existsSync(join(path, 'config'))) return 'github'
  const names = readdirSync(path)
  if (names.includes('people.csv')) return 'csv'
  if (names.some((name) => name.endsWith('.json'))) return 'cloud-environments'
  const charters = names.filter((name) => /\.(?:ya?ml|md)$/.test(name))
  const isCharter = (name: string) => /^execution_leads:/m.test(readFileSync(join(path, name), 'utf8'))
  return charters.some(isCharter) ? 'working-groups' : 'yaml'
}

/** The source that a file or folder is, by what it holds, with nothing set. Not for installations: they say what they mean. */
export function sourceAt(path: string, id: SourceId): DirectorySource {
  const settings = directorySourceSchema.parse({ id, kind: formAt(path), path: resolve(path), staleAfter: 'P1D' })
  return sourceFrom(settings, { base: '/', readSecret: noSecrets })
}

function noSecrets(reference: string): never {
  throw new Error(`\`${reference}\` cannot be read here`)
}
