/** Asks for a waiver. It shows who could decide and what will be asked, and never decides anything. */
import { type Command, Option } from 'commander'
import { type AskedTerms, type Preview, withOneAccount } from '../../client/index.ts'
import type { Terms } from '../../core/terms.ts'
import { withPrefix } from '../../files/reference.ts'
import type { Call } from '../context.ts'
import { askedTerms, type RequestOptions } from '../input/asked-terms.ts'
import { fields } from '../output/fields.ts'
import { named } from '../output/names.ts'
import { routingLines } from '../output/routing.ts'
import { termsFields, termsLines } from '../output/terms.ts'
import { termsIn } from '../output/views.ts'
import { quoted, visible } from '../output/visible.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { answered, type Session, sessionOf } from '../session.ts'
import { UsageError } from '../usage-error.ts'
import { callOptions, several, type WriteOptions, writes } from './shared.ts'

interface Options extends RequestOptions, WriteOptions {
  readonly dryRun?: boolean
}

export function addRequest(program: Command, registry: Registry): void {
  const command = program
    .command('request')
    .summary('ask for a waiver')
    .description(
      'Asks for temporary access, for an exception to a segregation-of-duties rule, or for a sealed break-glass envelope.',
    )
    .argument('<system>', 'the system, such as `ledger-db`')
    .argument('<entitlement>', 'what is granted there')
    .requiredOption('--reason <text>', 'why it is needed')
    .option('--for <length>', 'how long: `4h`, `1h30m`, `PT4H`')
    .option('--until <time>', 'or when it ends: `18:00`, `2026-11-22T18:00Z`')
    .option('--start <time>', 'when it begins; `now` when left out')
    .option('--resource <name>', 'on what, by exact name; once for each', several)
    .option('--action <name>', 'what to do there, by exact name; once for each', several)
    .option('--beneficiary <id>', 'who gets the access; yourself when left out, the rota for an envelope')
    .option('--account <login>', 'the account on the system, when there are several')
    .addOption(
      new Option('--kind <kind>', 'what is asked for')
        .choices(['access-override', 'sod-exception', 'break-glass'])
        .default('access-override'),
    )
    .option('--control <name=owner/every>', 'a compensating control; once for each', several)
    .option('--uses <count>', 'at most so many uses')
    .option('--exclude <name>', 'a resource that stays forbidden; once for each', several)
    .option('--tool <name>', 'only through this tool, `NAME` or `NAME@DIGEST`; once for each', several)
    .option(
      '--argument <rule>',
      'what an argument must be: `region=eu,us`, `path^=/data/`, `amount<=1000`, `!force`; once for each',
      several,
    )
    .option('--only-arguments', 'no argument that no rule names')
    .option('--rate <count/length>', 'at most so many uses in each stretch, such as `10/1m`')
    .option('--bytes <count>', 'at most so many bytes, such as `500k` or `10m`')
    .option('--delegation-depth <count>', 'how many may stand behind whoever acts')
    .option('--hours <span>', 'only then, such as `mon-fri 08:00-18:00 +01:00`; once for each', several)
    .option('--incident <id>', 'the incident it belongs to; it ends when that is closed')
    .option('--change <id>', 'the change it belongs to; it ends when that is closed')
    .option('--ticket <id>', 'the ticket it belongs to; it ends when that is closed')
    .option('--rule <rule>', 'for a sod-exception: the duty rule')
    .option('--other <system/entitlement>', 'for a sod-exception: the other side')
    .option('--open-for <length>', 'for an envelope: how long it opens')
    .option('--dry-run', 'only show what would be asked and who could decide')
  writes(command).action(performs<Options, [string, string]>(registry, request))
}

async function request(call: Call, options: Options, system: string, entitlement: string): Promise<Shown> {
  const session = await sessionOf(call)
  const me = answered(await session.client.me())
  const offered = await offeredBy(session, system, entitlement)
  const { nowMillis, timeZone } = call.page
  const draft = askedTerms(system, entitlement, options, { self: me.id, ...offered, nowMillis, timeZone })
  const preview = answered(await session.client.preview({ terms: draft }))
  const terms = withAccount(draft, preview)
  if (options.dryRun === true) return previewShown(call, terms, preview)
  const written = answered(await session.client.ask({ terms }, callOptions(options)))
  const { waiver } = written
  const first = preview.eligible[0]
  return {
    document: written,
    lines: [
      `${call.page.paint.good('asked')}: ${waiver.id}`,
      ...termsLines(call.page, termsIn(waiver.terms), waiver.digest, { ...preview.names, ...written.names }),
      ...(first === undefined
        ? []
        : [`first to be asked: ${named(first.person, preview.names)}, ${preview.eligible.length} may decide`]),
      `  next: follow it with \`countersign show ${waiver.id}\``,
    ],
  }
}

/** What there is to choose from. Whether the policy knows it at all is answered with the request. */
async function offeredBy({ client }: Session, system: string, entitlement: string) {
  const answer = await client.policy()
  const systems = answer.ok ? answer.value.policy.systems : undefined
  const entry = memberOf(memberOf(memberOf(systems, withPrefix('sys', system)), 'entitlements'), entitlement)
  return { resources: namesIn(memberOf(entry, 'resources')), actions: namesIn(memberOf(entry, 'actions')) }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
}

/** @throws {UsageError} where it has to be named */
function withAccount(terms: AskedTerms, preview: Preview): AskedTerms {
  const found = withOneAccount(terms, preview)
  if ('terms' in found) return found.terms
  const there = found.accounts.length === 0 ? '' : `: ${found.accounts.map(quoted).join(', ')}`
  throw new UsageError(`${found.detail} with --account${there}`)
}

function previewShown({ page }: Call, terms: AskedTerms, preview: Preview): Shown {
  const whole = {
    controls: [],
    conditions: {},
    ...terms,
    contains: 'read from the target when it is asked for',
  } as Terms
  return {
    document: { terms, preview },
    lines: [
      page.paint.strong('Nothing was asked yet. This would be:'),
      ...fields(page, termsFields(page, whole, preview.names)),
      ...preview.contains.map((line) => `  contains: ${visible(line)}`),
      ...preview.problems.map(({ at, message }) => page.paint.bad(`  ${visible(at)}: ${visible(message)}`)),
      ...routingLines(page, preview),
    ],
  }
}
