/**
 * From the configuration to a sealed log: what the log is called, where its private keys and its memory lie, who witnesses
 * it. It puts parts together and decides nothing.
 */
import { join, resolve } from 'node:path'
import { type Config, readSecret } from './config.ts'
import { askWitness } from './connectors/log-witness/ask.ts'
import type { Check } from './engine/health.ts'
import type { Logger } from './engine/logger.ts'
import type { Loop } from './engine/loops.ts'
import { logCheck, witnessCheck } from './engine/seal/health.ts'
import { Patrol } from './engine/seal/patrol.ts'
import type { Witnessing } from './engine/seal/published.ts'
import { type LogKeys, Sealer } from './engine/seal/sealer.ts'
import { Witnesses } from './engine/seal/witnesses.ts'
import { formatVerifierKey } from './log/index.ts'
import type { Store } from './store/contract.ts'
import {
  addSigningKey,
  keyFileName,
  LogKeyError,
  memoryAt,
  memoryFileName,
  readSigningKeys,
  signingKeysIn,
} from './store/log-files.ts'

/** Where the log is served, without the scheme: what C2SP recommends as its name. */
export function originOf({ log, publicUrl }: Pick<Config, 'log' | 'publicUrl'>): string {
  const { host, pathname } = new URL(publicUrl)
  return log.origin ?? `${host}${pathname.replace(/\/+$/, '')}/log`
}

export function witnessingOf({ log }: Pick<Config, 'log'>): Witnessing {
  return { witnesses: log.witnesses.map(({ key }) => key), required: log.require }
}

/** What seals, and what brings it to others. */
export interface Sealing {
  readonly sealer: Sealer
  readonly witnesses: Witnesses
  readonly loops: readonly Loop[]
}

export function sealingFor(config: Config, store: Store, log: Logger): Sealing {
  const common = { store, log, origin: originOf(config) }
  const sealer = new Sealer({
    ...common,
    keys: logKeysOf(config),
    memory: memoryAt(join(logFolder(config), memoryFileName)),
    beforeFirst: () => witnesses.agree(),
  })
  const witnesses: Witnesses = new Witnesses({
    ...common,
    contacts: config.log.witnesses.map(({ key, url }) => ({ key, ask: (body) => askWitness({ url }, body) })),
    required: config.log.require,
    stopFor: (broken) => sealer.stopFor(broken),
  })
  const patrol = new Patrol({ store, stopFor: (broken) => sealer.stopFor(broken) })
  const bringing = config.log.witnesses.length === 0 ? [] : [witnesses.loop]
  return { sealer, witnesses, loops: [sealer.loop, patrol.loop, ...bringing] }
}

export function logKeysOf(config: Config): LogKeys {
  const { key } = config.log
  return {
    signers: () =>
      key === undefined
        ? signingKeysIn(join(logFolder(config), keyFileName), originOf(config))
        : readSigningKeys(readSecret(key), `\`${key}\``),
  }
}

/** Beside its own PostgreSQL, also when there is none: this machine's part of the log. */
export function logFolder({ base, database }: Pick<Config, 'base' | 'database'>): string {
  return resolve(base, database.folder)
}

/** What `/readyz` says of the log. */
export async function logChecks(config: Config, store: Store, sealing: Sealing | undefined): Promise<readonly Check[]> {
  const witnesses = witnessCheck(sealing?.witnesses.status ?? [], config.log.require)
  return [await logCheck(store, sealing?.sealer), ...(witnesses === undefined ? [] : [witnesses])]
}

/**
 * Makes a further key where the keys are this machine's own, and takes the newest one where they are given.
 * @returns its verifier key
 */
export async function nextLogKey(config: Config, origin: string): Promise<string> {
  if (config.log.key === undefined) {
    return formatVerifierKey((await addSigningKey(join(logFolder(config), keyFileName), origin)).key)
  }
  const newest = (await logKeysOf(config).signers()).filter(({ key }) => key.name === origin).at(-1)
  if (newest !== undefined) return formatVerifierKey(newest.key)
  throw new LogKeyError(`\`${config.log.key}\` has no key called \`${origin}\`; add one as its last line`)
}
