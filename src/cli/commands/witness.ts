/** Runs a witness: for somebody else than whoever runs the log, so that it cannot show two histories. */
import type { Command } from 'commander'
import { formatVerifierKey, keyLabel, type VerifierKey } from '../../log/index.ts'
import { wholeNumber } from '../input/number.ts'
import { verifierKeys } from '../input/verifier-key.ts'
import { mended } from '../operator.ts'
import { quoted, visible } from '../output/visible.ts'
import { performs, type Registry } from '../perform.ts'
import { UsageError } from '../usage-error.ts'
import { several } from './shared.ts'

interface Options {
  readonly name: string
  readonly log: readonly string[]
  readonly folder: string
  readonly listen: string
}

export function addWitness(program: Command, registry: Registry): void {
  program
    .command('witness')
    .summary('cosign the log of somebody else, as long as it has one history')
    .description(
      'Runs a witness for the logs of others (C2SP tlog-witness): it cosigns a new checkpoint only when that continues the one it cosigned before, and keeps what was signed otherwise as evidence. It should run where whoever runs the log has no say: at a customer, an auditor, another department. It needs no database and stores one small file a log.',
    )
    .requiredOption('--name <name>', 'what it is called in its cosignatures, such as `witness.example/w1`')
    .requiredOption(
      '--log <key>',
      'the key of a log it watches, or a file of them; once for each, and for each key of a log whose key changed',
      several,
    )
    .option('--folder <path>', 'where it keeps its key and what it has cosigned', 'witness')
    .option('--listen <address>', 'where it listens; put TLS in front of it', '127.0.0.1:7444')
    .action(
      performs<Options>(registry, async (call, { name, log, folder, listen }) => {
        const logs = await verifierKeys('--log', log)
        const report = (line: string) => call.screen.progress(visible(line))
        const { openWitness, serveWitness } = await import('../../witness/index.ts')
        const { nowMillis } = call.context
        const { witness, key } = await mended(openWitness({ folder, name, logs, report, nowMillis }))
        const running = await mended(serveWitness(witness, addressOf(listen), report))
        call.screen.result(...started(running.url, key, logs))
        await call.context.untilStopped()
        call.screen.progress('stopping')
        await running.stop()
        return undefined
      }),
    )
}

function started(url: string, key: VerifierKey, logs: readonly VerifierKey[]) {
  const text = formatVerifierKey(key)
  return [
    { url, key: text, logs: logs.map(keyLabel) },
    [
      `witnessing at ${url}; end with Ctrl-C`,
      ...logs.map((log) => `  watches ${quoted(keyLabel(log))}`),
      '  whoever runs the log writes into its configuration:',
      '    log:',
      `      witnesses: [{ key: '${visible(text)}', url: '<where it is reached>' }]`,
    ],
  ] as const
}

function addressOf(listen: string) {
  const [, host, port] = /^(?:\[(.+)\]|(?:[^:]+)):(\d{1,5})$/.exec(listen) ?? []
  if (port === undefined) throw new UsageError(`--listen ${quoted(listen)} is no address; write \`127.0.0.1:7444\``)
  return { host: host ?? listen.slice(0, listen.lastIndexOf(':')), port: wholeNumber(port, '--listen', 0, 65_535) }
}
