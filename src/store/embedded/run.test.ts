import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from './run.ts'

test('a folder that was removed under a running server is named, and not the C library blamed', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'countersign-gone-'))
  rmSync(cwd, { recursive: true })
  await expect(run(process.execPath, ['--version'], { cwd, account: undefined })).rejects.toMatchObject({
    code: 'folder-unusable',
    message: `the folder \`${cwd}\` is gone`,
  })
})
