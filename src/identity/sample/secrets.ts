/**
 * Which secrets does the sample provider keep, so that tokens and cookies survive a restart? One private signing key, the
 * keys of its cookies, and one seed from which the secrets of the sample workloads follow. Everything lies in the demo's
 * folder, readable for nobody else, and protects nothing but the sample.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { link, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { z } from 'zod'
import { SampleRefused } from './marker.ts'

const secretsFile = 'sample-idp-secrets.json'
const workloadsFile = 'sample-workloads.json'

const secretsSchema = z.strictObject({
  signingKey: z.looseObject({ kty: z.literal('EC'), crv: z.literal('P-256'), kid: z.string(), d: z.string() }),
  cookieKeys: z.array(z.string().min(32)).min(1),
  workloadSeed: z.string().min(32),
})

export type SampleSecrets = z.output<typeof secretsSchema>

/** Reads the secrets, or makes them on the first start. Two processes that start at once end up with the same. */
export async function sampleSecrets(folder: string): Promise<SampleSecrets> {
  const at = path.join(folder, secretsFile)
  const known = await readPrivate(at)
  if (known !== undefined) return parse(known, at)
  await writeUnlessThere(at, JSON.stringify(await freshSecrets(), null, 2))
  return parse((await readPrivate(at)) ?? '', at)
}

/** The client secret of a sample workload: always the same in one folder, different in every other. */
export function workloadSecret({ workloadSeed }: SampleSecrets, login: string): string {
  return createHmac('sha256', workloadSeed).update(login).digest('base64url')
}

/** Writes down the secrets of the sample workloads, for whoever plays one of them by hand. */
export async function writeWorkloads(
  folder: string,
  issuer: string,
  secrets: ReadonlyMap<string, string>,
): Promise<void> {
  const text = JSON.stringify({ issuer, clientSecrets: Object.fromEntries(secrets) }, null, 2)
  const staging = path.join(folder, `${workloadsFile}.${randomUUID()}`)
  await writePrivate(staging, `${text}\n`)
  await rename(staging, path.join(folder, workloadsFile))
}

async function freshSecrets(): Promise<SampleSecrets> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  const signingKey = { ...jwk, kid: randomUUID(), alg: 'ES256', use: 'sig' }
  const random = () => randomBytes(32).toString('base64url')
  return secretsSchema.parse({ signingKey, cookieKeys: [random()], workloadSeed: random() })
}

function parse(text: string, at: string): SampleSecrets {
  try {
    return secretsSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new SampleRefused(`\`${at}\` is damaged; delete it to start with new keys`, { cause })
  }
}

/** @returns undefined when there is none. A link in its place, or a file that others can read, is refused. */
async function readPrivate(at: string): Promise<string | undefined> {
  try {
    await using file = await open(at, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    const { mode } = await file.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new SampleRefused(`\`${at}\` can be read by others; delete it, or allow only its owner with \`chmod 600\``)
    }
    return await file.readFile('utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** A hard link appears whole or not at all, and never replaces what another process made first. */
async function writeUnlessThere(at: string, text: string): Promise<void> {
  const staging = `${at}.${randomUUID()}`
  await writePrivate(staging, `${text}\n`)
  try {
    await link(staging, at)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(staging)
  }
}

async function writePrivate(at: string, text: string): Promise<void> {
  await using file = await open(at, 'wx', 0o600)
  await file.writeFile(text)
  await file.sync()
}
