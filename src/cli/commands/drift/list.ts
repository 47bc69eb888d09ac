/** What is open, and how much of it is known. */
import { type Command, Option } from 'commander'
import type { DriftQuery } from '../../../client/index.ts'
import { driftKinds } from '../../../core/drift.ts'
import { withPrefix } from '../../../files/reference.ts'
import { wholeNumber } from '../../input/number.ts'
import { driftLines } from '../../output/drift-lines.ts'
import { performs, type Registry, type Shown } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

interface Options {
  readonly system?: string
  readonly kind?: NonNullable<DriftQuery['kind']>
  readonly status: NonNullable<DriftQuery['status']>
  readonly limit: string
  readonly after?: string
  readonly failOnDrift?: boolean
}

export function addList(parent: Command, registry: Registry): void {
  parent
    .command('list', { isDefault: true })
    .summary('what is open, and how much is known of each target')
    .description(
      'Lists findings, newest first, and for every target when it was last read. A target that could not be read is unknown: nothing found there is not the same as nothing there.',
    )
    .option('--system <id>', 'only on this system')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(driftKinds))
    .addOption(new Option('--status <status>', 'open, ended or all').choices(['open', 'ended', 'all']).default('open'))
    .option('--limit <count>', 'how many at most, 1 to 1000', '100')
    .option('--after <finding>', 'go on after this one')
    .option('--fail-on-drift', 'end with 7 unless everything was read lately and nothing is open, for pipelines')
    .action(
      performs<Options>(registry, async (call, { system, kind, status, limit, after, failOnDrift }) => {
        const { client } = await sessionOf(call)
        const drift = answered(
          await client.drift({
            status,
            ...(system === undefined ? {} : { system: withPrefix('sys', system) }),
            ...(kind === undefined ? {} : { kind }),
            ...(after === undefined ? {} : { after }),
            limit: String(wholeNumber(limit, '--limit', 1, 1_000)),
          }),
        )
        return {
          document: drift,
          lines: driftLines(call.page, drift),
          exit: failOnDrift === true && drift.state !== 'none' ? 'checksFailed' : 'done',
        } satisfies Shown
      }),
    )
}
