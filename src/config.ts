/**
 * What the operator says about this installation: where it is reached, where it remembers, whom it believes. One YAML
 * file, read strictly; a setting nobody knows is an error, and secrets stand elsewhere and are only named here.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { callbackSchema } from './connectors/callback/connector.ts'
import { readText } from './files/folder.ts'
import { validate } from './files/validate.ts'
import { seconds } from './files/values.ts'
import { parseYaml, type Read } from './files/yaml.ts'
import { decisionPointSchema, identitySchema } from './identity/index.ts'
import { KEY_TYPE, MalformedInput, parseVerifierKey } from './log/index.ts'
import { directorySourcesSchema } from './sources.ts'

const noticeEndpoint = z.strictObject({
  id: z.string().min(1),
  kind: z.enum(['webhook', 'email', 'slack']),
  settings: z.record(z.string(), z.unknown()),
})

const verifierKey = z.string().transform((text, context) => {
  try {
    return parseVerifierKey(text)
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error
    context.addIssue({ code: 'custom', message: `expected a verifier key: ${error.message}` })
    return z.NEVER
  }
})

const witnessKey = verifierKey.refine(({ type }) => type === KEY_TYPE.cosignature, {
  error: 'expected the key of a witness, for timestamped cosignatures',
})

const logSchema = z
  .strictObject({
    origin: z
      .string()
      .optional()
      .describe('name of the transparency log; without it the address it is served at, without the scheme'),
    key: z
      .string()
      .optional()
      .describe('`env:NAME` or `file:/path` of its private keys; without it one is made in the data folder'),
    public: z.boolean().default(true).describe('whether checkpoints and tiles are shown without a sign-in'),
    witnesses: z
      .array(z.strictObject({ key: witnessKey, url: z.url().describe('where it takes checkpoints') }))
      .default([]),
    require: z.int().min(0).default(0).describe('how many of them must have cosigned before a proof is complete'),
  })
  .refine(({ witnesses, require }) => require <= witnesses.length, {
    error: 'more witnesses are required than there are',
    path: ['require'],
  })
  .refine(({ witnesses }) => new Set(witnesses.map(({ key }) => key.publicKey.join())).size === witnesses.length, {
    error: 'a witness is named twice',
    path: ['witnesses'],
  })
  .prefault({})

const sink = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, { error: 'must be up to 63 letters, digits, `-` and `_`' }),
  kind: z.enum(['file', 'http']),
  settings: z.record(z.string(), z.unknown()),
})

export const configSchema = z.strictObject({
  publicUrl: z.url().describe('the one address people and tokens know this installation by'),
  listen: z
    .strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65_535).default(7_443) })
    .prefault({}),
  database: z
    .strictObject({
      url: z
        .string()
        .optional()
        .describe('`env:NAME` or `file:/path` of a PostgreSQL 15 to 18; without it Countersign runs its own'),
      folder: z.string().default('data').describe('of its own PostgreSQL, from this file'),
      connectionsMax: z.int().min(4).max(500).default(16),
    })
    .prefault({}),
  identity: identitySchema,
  sessions: z
    .strictObject({
      idle: seconds.default(3_600).describe('a browser that nobody used for so long is signed out'),
      lasts: seconds.default(43_200).describe('a browser is signed out after so long, used or not'),
    })
    .prefault({}),
  directory: directorySourcesSchema,
  notices: z.array(noticeEndpoint).default([]),
  sinks: z
    .array(sink)
    .default([])
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
      error: 'every sink needs an id of its own',
    })
    .describe('where every recorded event is sent as OCSF'),
  accessRequests: z
    .strictObject({
      callbacks: z.array(callbackSchema).default([]).describe('addresses that are told when a task is over'),
      decisionPoints: z
        .array(decisionPointSchema)
        .default([])
        .refine((all) => new Set(all.map(({ issuer }) => issuer)).size === all.length, {
          error: 'a decision point is named twice',
        })
        .describe('others whose denials may be asked about here'),
    })
    .prefault({}),
  log: logSchema,
})

export type Config = z.output<typeof configSchema> & {
  /** Folder of the file; every relative path starts here. */
  readonly base: string
}

export async function readConfig(path: string): Promise<Read<Config>> {
  const text = await readText(path)
  if ('problems' in text) return text
  const document = parseYaml(text.value)
  if ('problems' in document) return document
  const config = validate(document.value, configSchema)
  return 'problems' in config ? config : { value: { ...config.value, base: dirname(resolve(path)) } }
}

/** Reads what a reference names. @throws with the reference, never with what it holds. */
export function readSecret(reference: string): string {
  const [kind, rest = ''] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)]
  switch (kind) {
    case 'env': {
      const value = process.env[rest]
      if (value === undefined || value === '') throw new Error(`\`${reference}\`: the environment has no \`${rest}\``)
      return value
    }
    case 'file': {
      const value = readFileSync(rest, 'utf8').replace(/\r?\n$/, '')
      if (value === '') throw new Error(`\`${reference}\`: the file is empty`)
      return value
    }
    default:
      throw new Error(`\`${reference}\` is no reference; write \`env:NAME\` or \`file:/path\``)
  }
}
