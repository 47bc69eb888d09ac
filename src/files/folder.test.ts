import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readYamlFiles } from './folder.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-files-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a folder is its YAML files by name; other files and folders are not part of it', async () => {
  const path = join(folder, 'some')
  await mkdir(join(path, 'cases.yaml'), { recursive: true })
  await writeFile(join(path, 'b.yaml'), '\ufeffb: 1')
  await writeFile(join(path, 'a.yml'), 'a: 1')
  await writeFile(join(path, 'notes.txt'), 'no')
  expect(await readYamlFiles(path)).toEqual({
    value: [
      { name: join(path, 'a.yml'), text: 'a: 1' },
      { name: join(path, 'b.yaml'), text: 'b: 1' },
    ],
  })
  expect(await readYamlFiles(join(path, 'b.yaml'))).toEqual({ value: [{ name: join(path, 'b.yaml'), text: 'b: 1' }] })
})

test('[fail/closed] nothing to read, a missing file and bytes that are no text are problems', async () => {
  const path = join(folder, 'bad')
  await mkdir(path)
  expect(await readYamlFiles(path)).toEqual({
    problems: [{ where: `${path}:1:1`, message: 'the folder holds no `.yaml` file' }],
  })
  expect(await readYamlFiles(join(path, 'gone.yaml'))).toEqual({
    problems: [{ where: `${join(path, 'gone.yaml')}:1:1`, message: 'cannot be read: ENOENT' }],
  })
  await writeFile(join(path, 'latin1.yaml'), Buffer.from('name: M\xe4ria', 'latin1'))
  expect(await readYamlFiles(path)).toEqual({
    problems: [{ where: `${join(path, 'latin1.yaml')}:1:1`, message: 'is not UTF-8 text' }],
  })
})
