/** Asks for more time. It is decided from nothing, by somebody independent; until then the end stays where it is. */
import type { Command } from 'commander'
import { plusSeconds } from '../../core/time.ts'
import type { Call } from '../context.ts'
import { lengthOf, momentOf } from '../input/moment.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { UsageError } from '../usage-error.ts'
import { callOptions, type WriteOptions, waiverArgument, waiverDetail, writes, writtenShown } from './shared.ts'

interface Options extends WriteOptions {
  readonly reason: string
  readonly for?: string
  readonly until?: string
}

export function addExtend(program: Command, registry: Registry): void {
  const command = program
    .command('extend')
    .summary('ask for more time')
    .description(
      'Asks for a later end. Somebody independent decides about it as about a new request; until then the end stays where it is.',
    )
    .argument(...waiverArgument)
    .option('--for <length>', 'so much longer than it ends now: `2h`')
    .option('--until <time>', 'or the later end: `20:00`, `2026-11-22T20:00Z`')
    .requiredOption('--reason <text>', 'why more time is needed')
  writes(command).action(performs<Options, [string]>(registry, extend))
}

async function extend(call: Call, options: Options, text: string): Promise<Shown> {
  const { until } = options
  const length = options.for
  if ((until === undefined) === (length === undefined))
    throw new UsageError('say how much longer: give --for or --until, one of the two')
  const session = await sessionOf(call)
  const { waiver } = await waiverDetail(session, text)
  const now = waiver.activation?.end ?? waiver.terms.window.end
  const end =
    length === undefined ? momentOf(until ?? '', '--until', call.page) : plusSeconds(now, lengthOf(length, '--for'))
  const answer = await session.client.requestExtension(waiver.id, { end, reason: options.reason }, callOptions(options))
  return writtenShown(call.page, answered(answer, waiver.id), 'asked for more time')
}
