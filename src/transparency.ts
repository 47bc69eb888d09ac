/**
 * From the configuration to a sealed log: what the log is called, where its private keys and its memory lie, who witnesses
 * it. It puts parts together and decides nothing.
 */
import { join, resolve } from 'node:path'
import { type Config, readSecret } from './config.ts'
import type { Logger } from './engine/logger.ts'
import type { Witnessing } from './engine/seal/published.ts'
import { type LogKeys, Sealer } from './engine/seal/sealer.ts'
import type { Store } from './store/contract.ts'
import { keyFileName, memoryAt, memoryFileName, readSigningKeys, signingKeysIn } from './store/log-files.ts'

/** Where the log is served, without the scheme: what C2SP recommends as its name. */
export function originOf({ log, publicUrl }: Pick<Config, 'log' | 'publicUrl'>): string {
  const { host, pathname } = new URL(publicUrl)
  return log.origin ?? `${host}${pathname.replace(/\/+$/, '')}/log`
}

export function witnessingOf({ log }: Pick<Config, 'log'>): Witnessing {
  return { witnesses: log.witnesses.map(({ key }) => key), required: log.require }
}

export function sealerFor(config: Config, store: Store, log: Logger): Sealer {
  const folder = logFolder(config)
  return new Sealer({
    store,
    log,
    origin: originOf(config),
    keys: logKeysOf(config),
    memory: memoryAt(join(folder, memoryFileName)),
  })
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
