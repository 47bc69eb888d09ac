/** Ends everything that belongs to an incident, change or ticket. It says row by row what became of each. */
import { type Command, Option } from 'commander'
import type { Closed } from '../../client/index.ts'
import type { Call } from '../context.ts'
import type { Page } from '../output/page.ts'
import { quoted, visible } from '../output/visible.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { callOptions, type WriteOptions, writes } from './shared.ts'

interface Options extends WriteOptions {
  readonly reason: string
  readonly kind?: 'incident' | 'change' | 'ticket'
}

export function addClose(program: Command, registry: Registry): void {
  const command = program
    .command('close')
    .summary('end everything under an incident, change or ticket')
    .description(
      'Ends every open waiver that belongs to the reference. Look at every row of the answer: some may be refused. Ends with 3 when one was refused, with 6 when the outcome of one is not known.',
    )
    .argument('<reference>', 'id of the incident, change or ticket')
    .requiredOption('--reason <text>', 'why it ends now')
    .addOption(new Option('--kind <kind>', 'only references of this kind').choices(['incident', 'change', 'ticket']))
  writes(command).action(performs<Options, [string]>(registry, close))
}

async function close(call: Call, options: Options, reference: string): Promise<Shown> {
  const { client } = await sessionOf(call)
  const { reason, kind } = options
  const key = callOptions(options)
  const closed = answered(
    await client.closeReference(reference, { reason, ...(kind === undefined ? {} : { kind }) }, key),
  )
  const unknown = closed.results.some(({ outcome }) => outcome === 'unknown')
  return {
    document: { ...closed, idempotencyKey: key.idempotencyKey },
    lines: [
      ...closedLines(call.page, closed),
      ...(unknown ? [`  next: ask again with --key ${key.idempotencyKey}`] : []),
    ],
    exit: unknown ? 'unreachable' : closed.complete ? 'done' : 'refused',
  }
}

function closedLines({ paint }: Page, { reference, results }: Closed): readonly string[] {
  if (results.length === 0) return [`nothing is open under ${quoted(reference)}`]
  return results.map(({ waiver, outcome, code, detail }) => {
    const brush = outcome === 'ended' ? paint.good : paint.bad
    const because = outcome === 'ended' ? '' : `: ${visible(detail ?? code ?? 'no reason was given')}`
    return `${brush(outcome.padEnd(8))} ${visible(waiver)}${because}`
  })
}
