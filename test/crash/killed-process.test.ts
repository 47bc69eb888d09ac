/**
 * `kill -9`, for real: a process with its own PostgreSQL dies in the middle of its work, the next one finds the server
 * running, adopts it, and goes on. At the end nothing is left on the target and everything that was heard is on the record.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { scratchFolder } from '../support/scratch-folder.ts'
import type { DoomedLine } from './doomed-process.ts'
import { leftOn } from './file-target.ts'

const script = fileURLToPath(new URL('doomed-process.ts', import.meta.url))
const scratch = scratchFolder('killed')
chmodSync(scratch.folder, 0o711)
const children = new Set<ChildProcess>()
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await scratch.dispose()
})

function start() {
  const child = spawn(process.execPath, [script, scratch.folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<DoomedLine> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the process ended without a word')
    return JSON.parse(value) as DoomedLine
  }
  return { child, next }
}

test('[B10] [revocation/verified] a process that is killed is followed by one that adopts its server and leads everything to its end', async () => {
  const heard = new Set<string>()
  for (const [index, linesUntilDeath] of [5, 12, 21].entries()) {
    const { child, next } = start()
    expect(await next()).toEqual({ ready: { adopted: index > 0 } })
    for (let lines = 0; lines < linesUntilDeath; lines++) heard.add((await next()).heard?.split(' ')[1] ?? '')
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  const { child, next } = start()
  expect(await next()).toEqual({ ready: { adopted: true } })
  child.stdin.write('finish\n')
  let line = await next()
  while (line.over === undefined) line = await next()
  expect(line.over.wrong).toEqual([])
  expect(line.over.waivers).toEqual(expect.arrayContaining([...heard]))
  expect(line.over.verifiedCount).toBeGreaterThan(2)
  expect(leftOn(join(scratch.folder, 'target'))).toEqual([])
  if (child.exitCode === null) await once(child, 'exit')
}, 300_000)
