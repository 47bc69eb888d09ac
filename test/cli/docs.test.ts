// What is documented is what is there: `docs/cli.md` is made from the program.
import { expect, test } from 'vitest'
import type { Context } from '../../src/cli/context.ts'
import { cliDocument } from '../../src/cli/docs.ts'
import { buildProgram } from '../../src/cli/program.ts'

const silent = { terminal: { out: () => {}, err: () => {}, colours: false, interactive: false, ask: async () => '' } }

test('docs/cli.md says what the program says', async () => {
  const program = buildProgram(silent as unknown as Context, () => {})
  await expect(cliDocument(program)).toMatchFileSnapshot('../../docs/cli.md')
})

test('every command says what it is for, and every option too', () => {
  const program = buildProgram(silent as unknown as Context, () => {})
  const commands = [program, ...program.commands, ...program.commands.flatMap((command) => command.commands)]
  for (const command of commands) {
    expect(command.description(), command.name()).not.toBe('')
    if (command !== program) expect(command.summary(), command.name()).not.toBe('')
    for (const option of command.options) expect(option.description, `${command.name()} ${option.flags}`).not.toBe('')
  }
})

test("[B15] no option of a decision says yes in somebody's place", () => {
  const program = buildProgram(silent as unknown as Context, () => {})
  const flags = [...program.commands, ...program.commands.flatMap((command) => command.commands)].flatMap((command) =>
    command.options.map(({ long }) => long),
  )
  for (const forbidden of ['--yes', '--force', '--no-confirm', '--token', '--no-sign-in'])
    expect(flags).not.toContain(forbidden)
})
