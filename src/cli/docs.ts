/**
 * `docs/cli.md`, made from the program itself, so that what is documented is what is there. A test keeps the file equal;
 * `vitest run test/cli/docs.test.ts -u` writes it anew.
 */
import type { Argument, Command, Option } from 'commander'
import { exits, proofExits } from './exit.ts'
import { serverVariable, tokenVariable } from './session.ts'

/** @param program from `buildProgram` */
export function cliDocument(program: Command): string {
  const help = program.createHelp()
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help')
  return [
    '<!-- Made from src/cli by test/cli/docs.test.ts; change the commands, not this file. -->',
    '# The command line',
    program.description(),
    'From a checkout it is `./countersign`, installed it is `countersign`.',
    ...everywhere(program),
    ...codes(),
    '## Commands',
    contents(commands),
    ...commands.flatMap((command) => section(command, 3)),
  ]
    .join('\n\n')
    .concat('\n')
}

function everywhere(program: Command): readonly string[] {
  return [
    '## Everywhere',
    'These options stand with every command, before or after its name.',
    optionTable(program.createHelp().visibleOptions(program)),
    `The server is that of \`--server\`, then of \`${serverVariable}\`, then of the last login. A pipeline brings its own token in \`${tokenVariable}\`; it asks, and never decides. Sign-ins are kept in \`$XDG_CONFIG_HOME/countersign\`, readable for nobody else. \`NO_COLOR\` is respected, and a pipe gets no colours.`,
    'With `--json`, standard output holds exactly one JSON document: what the API answered, or `{ "error": { "kind", "code", "message", "exit", … } }`. What happens on the way, such as the address to sign in at, goes to standard error.',
    '**Times** are `18:00` (here, the next one), `2026-11-22 18:00` (here), `2026-11-22T18:00Z`, `+2h` or `now`; a time that comes twice or never where clocks are changed is asked for again. **Lengths of time** are `4h`, `1h30m`, `2d` or `PT4H`. Times are shown here, with UTC beside.',
    '**Decisions** (`endorse`, `countersign`, `deny`, `review`, `passkey confirm`, `policy countersign`, `policy deny`, `founding accept`, `founding confirm-clock`) show everything that will be decided, check that the digest to be signed belongs to exactly that, and then have it decided by you. Where the rules ask for a passkey (and for opening an envelope with `activate`) the browser is opened at the page that shows exactly this decision and has it signed; the command waits for it and prints what came of it. Where they do not, the browser is opened for a sign-in of its own. No option says yes in your place. Where no passkey signs, the name of the command has to be typed at a terminal as well; after `login --to-decide` that suffices for five minutes. The sign-in of `login --browser` and `login --to-decide` is kept in a file of yours: during those minutes whatever runs as you and reads it could decide what takes no passkey, so on a machine that you share with agents use `login` and its code, with which nobody decides.',
    'Text that others wrote (reasons, names, notes) is shown as it is: whatever would move the cursor, hide, or turn letters around is written out as `\\u{…}`.',
  ]
}

function codes(): readonly string[] {
  const rows = Object.values(exits).map(([code, means]) => `| ${code} | ${means} |`)
  const proofs = Object.values(proofExits).map(([code, means]) => `| ${code} | ${means} |`)
  return [
    '## Exit codes',
    ['| code | means |', '|---|---|', ...rows].join('\n'),
    '`verify` and `audit-log` have three of their own, so that whatever is not proven is not 0:',
    ['| code | means |', '|---|---|', ...proofs].join('\n'),
  ]
}

function contents(commands: readonly Command[]): string {
  return commands
    .map((command) => `- [\`${command.name()}\`](#countersign-${command.name()}): ${command.summary()}`)
    .join('\n')
}

function section(command: Command, level: number): readonly string[] {
  const help = command.createHelp()
  const children = help.visibleCommands(command).filter((child) => child.name() !== 'help')
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help')
  const path = pathOf(command)
  return [
    `${'#'.repeat(level)} ${path}`,
    command.description(),
    ...(children.length > 0 ? [] : [`    ${path}${command.usage() === '' ? '' : ` ${command.usage()}`}`]),
    ...(command.registeredArguments.length === 0 ? [] : [argumentTable(command.registeredArguments)]),
    ...(options.length === 0 ? [] : [optionTable(options)]),
    ...children.flatMap((child) => section(child, level + 1)),
  ]
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

function argumentTable(all: readonly Argument[]): string {
  const rows = all.map(
    (argument) => `| \`${argument.name()}\` | ${argument.description}${byDefault(argument.defaultValue)} |`,
  )
  return ['| argument | |', '|---|---|', ...rows].join('\n')
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => {
    const choices =
      option.argChoices === undefined ? '' : `: ${option.argChoices.map((choice) => `\`${choice}\``).join(', ')}`
    const needed = option.mandatory && option.defaultValue === undefined ? ' (needed)' : ''
    return `| \`${option.flags}\` | ${option.description}${choices}${byDefault(option.defaultValue)}${needed} |`
  })
  return ['| option | |', '|---|---|', ...rows].join('\n')
}

function byDefault(value: unknown): string {
  return value === undefined ? '' : `; \`${String(value)}\` when left out`
}
