// The door of the embedded PostgreSQL server: start or adopt it, copy its folder, put a copy back.
export { type BackupResult, backupFolder } from './backup.ts'
export { type Binaries, locateBinaries } from './binaries.ts'
export { EmbeddedServerError, type EmbeddedServerErrorCode } from './errors.ts'
export type { StartOptions } from './options.ts'
export type { ServerConnection } from './ownership.ts'
export { restoreFolder } from './restore.ts'
export { type EmbeddedServer, startEmbeddedServer, urlOf } from './server.ts'
