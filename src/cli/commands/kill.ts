/** The kill switch: ends everything of a workload, an owner or a system at once, and says row by row what became of it. */
import { Argument, type Command } from 'commander'
import type { KilledView } from '../../client/index.ts'
import { withPrefix } from '../../files/reference.ts'
import type { Call } from '../context.ts'
import type { Page } from '../output/page.ts'
import { visible } from '../output/visible.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { callOptions, type WriteOptions, writes } from './shared.ts'

interface Options extends WriteOptions {
  readonly reason: string
}

const kinds = ['workload', 'owner', 'system', 'waiver'] as const
type Kind = (typeof kinds)[number]

export function addKill(program: Command, registry: Registry): void {
  const command = program
    .command('kill')
    .summary('end everything of a workload, an owner or a system at once')
    .description(
      'Ends every open waiver in the scope in one act, with a record of its own for each, and answers when no check anywhere says yes any more. Ends with 3 when something in the scope is still open, and with 5 when nothing is known by that id.',
    )
    .addArgument(new Argument('<kind>', 'what the id is of').choices(kinds))
    .argument('<id>', 'such as `wl_reconciler`, `per_maria`, `ledger-db`, or the id of a waiver')
    .requiredOption('--reason <text>', 'why everything ends now')
  writes(command).action(performs<Options, [Kind, string]>(registry, kill))
}

async function kill(call: Call, options: Options, kind: Kind, id: string): Promise<Shown> {
  const { client } = await sessionOf(call)
  const key = callOptions(options)
  const killed = answered(await client.kill({ scope: { of: kind, id: idOf(kind, id) }, reason: options.reason }, key))
  return {
    document: { ...killed, idempotencyKey: key.idempotencyKey },
    lines: killedLines(call.page, killed),
    exit: !killed.complete ? 'refused' : killed.known === false ? 'notFound' : 'done',
  }
}

function idOf(kind: Kind, id: string): string {
  switch (kind) {
    case 'workload':
      return /^(?:wl|per)_/.test(id) ? id : withPrefix('wl', id)
    case 'owner':
      return withPrefix('per', id)
    case 'system':
      return withPrefix('sys', id)
    case 'waiver':
      return id
    default:
      return kind satisfies never
  }
}

function killedLines(
  { paint }: Page,
  { results, complete, everywhereAfterMillis, known }: KilledView,
): readonly string[] {
  const rows = results.map(({ waiver, outcome, code, detail }) => {
    const brush = outcome === 'ended' ? paint.good : paint.bad
    return `${brush(outcome.padEnd(8))} ${visible(waiver)}${outcome === 'ended' ? '' : `: ${visible(detail ?? code ?? 'no reason was given')}`}`
  })
  if (known === false)
    return [paint.bad('nothing was open, and nothing is known by this id; look whether it is misspelled')]
  const sum =
    results.length === 0 && complete
      ? 'nothing was open'
      : `no check says yes any more, ${everywhereAfterMillis} ms after the commit`
  return [...rows, complete ? sum : paint.bad('something in the scope is still open')]
}
