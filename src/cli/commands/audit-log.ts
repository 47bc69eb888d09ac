/** Derives a whole log again, from the database behind it or from wherever it is served, and names the first leaf that is wrong. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { keyLabel } from '../../log/index.ts'
import { type AuditTrust, type AuditVerdict, auditLog } from '../../proof/index.ts'
import type { Call } from '../context.ts'
import { wholeNumber } from '../input/number.ts'
import { tileServer } from '../input/tile-server.ts'
import { verifierKeys, witnessKeys } from '../input/verifier-key.ts'
import { mended } from '../operator.ts'
import type { Page } from '../output/page.ts'
import { quoted, visible } from '../output/visible.ts'
import { wrap } from '../output/wrap.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { UsageError } from '../usage-error.ts'
import { several } from './shared.ts'

interface Options {
  readonly url?: string
  readonly config?: string
  readonly key?: readonly string[]
  readonly witness?: readonly string[]
  readonly require?: string
  readonly checkpoint?: readonly string[]
  readonly remember?: string
}

export function addAuditLog(program: Command, registry: Registry): void {
  program
    .command('audit-log')
    .summary('derive the whole log again and name the first leaf that is wrong')
    .description(
      'Derives a whole transparency log again, leaf by leaf, and compares it with every signed head, every tile, and whatever heads you kept: from the database of an installation (`--config`), where bodies and facts are compared as well, or from wherever a log is served (`--url`), ours or another in the formats of C2SP. Ends with 0 when it is what was signed, 1 when something does not hold, with the first index that does not, 2 when something could not be shown.',
    )
    .option('--url <address>', 'where the log is served, such as `https://countersign.example/log`')
    .option('--config <file>', 'the configuration of an installation, whose database is read')
    .option(
      '--key <key>',
      'a key of the log that you have another way; without one the key it names itself is believed, and that is said; may be repeated',
      several,
    )
    .option('--witness <key>', 'a witness that must have cosigned the newest head; may be repeated', several)
    .option('--require <count>', 'how many of the witnesses must have; all of those given when left out')
    .option('--checkpoint <file>', 'a checkpoint somebody kept, which the log must continue; may be repeated', several)
    .option(
      '--remember <file>',
      'compare with the checkpoint kept there the last time, and keep the newest for the next',
    )
    .action(performs<Options>(registry, audit))
}

async function audit(call: Call, options: Options): Promise<Shown> {
  const { url, config } = options
  if ((url === undefined) === (config === undefined)) throw new UsageError('name either --url or --config')
  const trust = await trustOf(call, options)
  const verdict =
    url === undefined
      ? await mended((await call.context.handIns()).auditLog({ config: config as string, trust }))
      : await auditLog(tileServer(webAddress(url), call.context.fetch, trust.keys), trust)
  if (verdict === undefined) {
    const message = 'nothing has been sealed so far'
    return { document: { outcome: 'incomplete', detail: message }, lines: [message], exit: 'incomplete' }
  }
  if (options.remember !== undefined && verdict.outcome !== 'disproven') await keep(options.remember, verdict.note)
  return { document: verdict, lines: lines(call.page, verdict, trust), exit: verdict.outcome }
}

async function trustOf(call: Call, options: Options): Promise<AuditTrust> {
  const witnesses = await witnessKeys('--witness', options.witness)
  const { require, checkpoint = [], remember } = options
  const remembered = remember === undefined ? undefined : await readIfThere(remember)
  return {
    keys: await verifierKeys('--key', options.key),
    witnesses,
    required: require === undefined ? witnesses.length : wholeNumber(require, '--require', 0, witnesses.length),
    kept: [...(await Promise.all(checkpoint.map(readNote))), ...(remembered === undefined ? [] : [remembered])],
    progress: progressOn(call),
  }
}

/** A line now and then, on standard error. */
function progressOn({ screen, context }: Call): (leaves: bigint, size: bigint) => void {
  let said = context.nowMillis()
  return (leaves, size) => {
    const now = context.nowMillis()
    if (now - said < 2_000) return
    said = now
    screen.progress(`${leaves} of ${size} leaves`)
  }
}

function lines({ paint, width }: Page, verdict: AuditVerdict, { keys, kept }: AuditTrust): readonly string[] {
  const { origin, size, key, keyNamedBy, headsCount, outcome, finding, detail } = verdict
  const dye = { proven: paint.good, disproven: paint.bad, incomplete: paint.warn }[outcome]
  const head = outcome === 'disproven' ? `DISPROVEN: ${finding}: ` : `${outcome}: `
  const believed =
    keyNamedBy === 'verifier'
      ? `by a key that was given: ${keys.map((one) => quoted(keyLabel(one))).join(', ')}`
      : 'by the log’s own word: nobody named a key'
  return [
    `${quoted(origin)}: ${size} leaves, signed by ${visible(key)}`,
    keyNamedBy === 'verifier' ? `  ${believed}` : paint.warn(`  ${believed}`),
    `  compared with ${headsCount} signed heads, ${kept.length} of them kept elsewhere`,
    '',
    ...wrap(`${head}${visible(detail)}`, width).map((line) => dye(line.trimEnd())),
  ]
}

function webAddress(url: string): string {
  const parsed = URL.parse(url)
  if (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') return url
  throw new UsageError(`--url ${quoted(url)} is no web address`)
}

async function readNote(file: string): Promise<string> {
  const note = await readIfThere(file)
  if (note === undefined) throw new UsageError(`--checkpoint ${quoted(file)} is not there`)
  return note
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function keep(file: string, note: string): Promise<void> {
  await writeFile(`${file}.new`, note)
  await rename(`${file}.new`, file)
}
