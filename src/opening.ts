/** From a configuration to an open installation: its settings, its database, and for one piece of work its machinery. */
import { resolve } from 'node:path'
import { pino } from 'pino'
import { assemble, type Countersign, sourcesFrom } from './app.ts'
import { type Config, readConfig, readSecret } from './config.ts'
import type { Machinery } from './engine/handle.ts'
import { type EmbeddedServer, startEmbeddedServer } from './store/embedded/index.ts'
import { openStore } from './store/store.ts'

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** A server of one's own where one is named, otherwise ours.
 * @param lost told when ours is gone and nothing can be served any more */
export async function openDatabase(
  config: Config,
  log: (line: string) => void,
  lost?: (reason: string) => void,
): Promise<{ url: string; stop(): Promise<void> }> {
  const own = config.database.url
  if (own !== undefined) return { url: readSecret(own), stop: async () => {} }
  const fromEnvironment = process.env.DATABASE_URL
  if (fromEnvironment !== undefined && fromEnvironment !== '') return { url: fromEnvironment, stop: async () => {} }
  const server: EmbeddedServer = await startEmbeddedServer({
    folder: resolve(config.base, config.database.folder),
    log,
  })
  server.lost.then(
    (reason) => lost?.(String(reason)),
    () => {},
  )
  return { url: server.url, stop: () => server.stop() }
}

/** @throws {ConfigError} with every mistake at its place */
export async function configAt(path: string): Promise<Config> {
  const config = await readConfig(path)
  if ('problems' in config)
    throw new ConfigError(config.problems.map(({ where, message }) => `${where}: ${message}`).join('\n'))
  return config.value
}

/** Opens the installation without serving it, for one piece of work. */
export async function withMachinery<Value>(
  path: string,
  work: (machinery: Machinery, app: Countersign, config: Config) => Promise<Value>,
): Promise<Value> {
  const config = await configAt(path)
  const database = await openDatabase(config, () => {})
  try {
    const store = await openStore({ url: database.url, poolMax: 4 })
    const app = assemble({
      store,
      log: pino({ level: 'warn' }, pino.destination(2)),
      sources: sourcesFrom(config, store),
    })
    try {
      return await work(app.machinery, app, config)
    } finally {
      await app.stop()
      await store.close()
    }
  } finally {
    await database.stop()
  }
}
