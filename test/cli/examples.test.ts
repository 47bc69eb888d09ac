// Every example is explained where it lies, and every command that is written there does what it says.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { processContext } from '../../src/cli/process.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { heard } from './support/context.ts'

const examples = resolve('examples')
const folders = ['.', ...readdirSync(examples).filter((name) => !name.includes('.'))]
const scratch = scratchFolder('examples')
/** What somebody tries writes files; it happens to a copy. */
const copy = join(scratch.folder, 'examples')
beforeAll(() => cp(examples, copy, { recursive: true }))
afterAll(() => scratch.dispose())

interface Written {
  readonly words: readonly string[]
  readonly exit: number
}

/** Lines of shell, each a command of ours; behind `#` it may say what the command ends with. */
function commandsIn(folder: string): readonly Written[] {
  const text = readFileSync(join(examples, folder, 'README.md'), 'utf8')
  const lines = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, shell = '']) =>
    shell.replaceAll('\\\n', ' ').trimEnd().split('\n'),
  )
  return lines.map((line) => {
    const [command = '', says = ''] = line.split('#')
    const [name, ...words] = command.trim().split(/\s+/)
    expect(name, line).toBe('countersign')
    return { words, exit: Number(/ends with (\d)/.exec(says)?.[1] ?? 0) }
  })
}

test('every example says what it is and what to try', () => {
  for (const folder of folders) {
    expect(existsSync(join(examples, folder, 'README.md')), folder).toBe(true)
    expect(commandsIn(folder).length, folder).toBeGreaterThan(0)
    if (folder !== '.') expect(readFileSync(join(examples, 'README.md'), 'utf8')).toContain(`(${folder}/README.md)`)
  }
})

const { handIns } = processContext()
/** Files are named from where the example lies; a test has no folder of its own to stand in. */
const inFolder = (folder: string, word: string) => {
  const path = join(copy, folder, word)
  return !word.startsWith('-') && (existsSync(path) || word.endsWith('.html')) ? path : word
}

test.each(folders)('%s', async (folder) => {
  for (const { words, exit } of commandsIn(folder)) {
    const ran = await heard(
      words.map((word) => inFolder(folder, word)),
      { handIns, nowMillis: Date.parse('2026-11-28T12:00:00Z') },
    )
    expect(ran.exit, `${words.join(' ')}\n${ran.err}${ran.out}`).toBe(exit)
    expect(ran.out).not.toBe('')
  }
})
