import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SourceError } from '../directory.ts'
import { directoryYaml } from './source.ts'

const now = '2026-11-22T10:00:00.000Z'
let path = ''
beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'countersign-directory-'))
})
afterAll(() => rm(path, { recursive: true }))

test('a folder is read as one source; its revision follows its text', async () => {
  const source = directoryYaml({ source: 'people', path, staleAfterSeconds: 60 })
  await writeFile(join(path, 'people.yaml'), 'people: { maria: { name: Maria, teams: [payments] } }')
  await writeFile(join(path, 'teams.yaml'), 'teams: { payments: { name: Payments } }')
  const first = await source.read(now)
  expect(first.relations).toHaveLength(1)
  expect(first.source).toMatchObject({ id: 'people', observedAt: now, staleAfterSeconds: 60 })
  expect((await source.read(now)).source.revision).toBe(first.source.revision)
  await writeFile(join(path, 'teams.yaml'), 'teams: { payments: { name: Payments! } }')
  expect((await source.read(now)).source.revision).not.toBe(first.source.revision)
})

test('[fail/closed] one wrong line and the source says nothing, with the place in the error', async () => {
  const source = directoryYaml({ source: 'people', path })
  await writeFile(join(path, 'people.yaml'), 'people:\n  maria: { name: Maria, teams: [paymentz] }')
  const error = await source.read(now).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SourceError)
  expect((error as SourceError).problems).toEqual([
    { where: `${join(path, 'people.yaml')}:2:33`, message: 'unknown team `paymentz`; did you mean `payments`?' },
  ])
  const gone = directoryYaml({ source: 'people', path: join(path, 'gone') })
  await expect(gone.read(now)).rejects.toThrow('cannot be read: ENOENT')
})
