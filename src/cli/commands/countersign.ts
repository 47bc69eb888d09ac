/** The independent approval, of exactly what is asked or of less. It can never widen, and it never goes without a sign-in. */
import type { Command } from 'commander'
import type { Narrowing } from '../../client/index.ts'
import type { Conditions, Terms } from '../../core/terms.ts'
import { termsDigest } from '../../proof/terms-digest.ts'
import type { Call } from '../context.ts'
import { pageFor, type Waiting, waitingFor } from '../deciding.ts'
import { type DecisionOptions, decide } from '../decision.ts'
import { type NarrowingOptions, narrowedTerms } from '../input/narrowed.ts'
import { termsIn } from '../output/views.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { Stop } from '../stop.ts'
import { UsageError } from '../usage-error.ts'
import { callOptions, decides, several, signs, type WriteOptions, waiverArgument, writtenShown } from './shared.ts'

interface Options extends NarrowingOptions, DecisionOptions, WriteOptions {
  readonly acknowledgeDenial?: readonly string[]
}

export function addCountersign(program: Command, registry: Registry): void {
  const command = program
    .command('countersign')
    .summary('approve, as somebody independent')
    .description(
      'Shows everything that is asked and everything you would sign, then opens the browser for a sign-in of its own, then countersigns exactly that. Narrowing signs less than was asked, never more.',
    )
    .argument(...waiverArgument)
    .option('--narrow-until <time>', 'an earlier end')
    .option('--narrow-for <length>', 'or a shorter time, from its start')
    .option('--narrow-start <time>', 'a later start')
    .option('--narrow-resource <name>', 'only this resource; once for each that stays', several)
    .option('--narrow-action <name>', 'only this action; once for each that stays', several)
    .option('--narrow-uses <count>', 'fewer uses')
    .option('--narrow-exclude <name>', 'one more resource that stays forbidden; once for each', several)
    .option('--narrow-tool <name>', 'only through this tool; once for each that stays', several)
    .option('--narrow-argument <rule>', 'what an argument must be instead, or as well; once for each', several)
    .option('--narrow-only-arguments', 'no argument that no rule names')
    .option('--narrow-rate <count/length>', 'fewer uses in each stretch, such as `5/1m`')
    .option('--narrow-bytes <count>', 'fewer bytes')
    .option('--narrow-delegation-depth <count>', 'fewer behind whoever acts')
    .option('--narrow-hours <span>', 'only then; once for each', several)
    .option('--narrow-open-for <length>', 'for an envelope: opens for less')
    .option('--acknowledge-denial <waiver>', 'you have read the denial of this waiver; once for each', several)
  decides(command).action(performs<Options, [string]>(registry, countersign))
}

async function countersign(call: Call, options: Options, text: string): Promise<Shown> {
  const waiting = await waitingFor(call, text, (client, id, digest) => client.countersign(id, { digest }))
  const { detail, proposal } = waiting
  const { id } = detail.waiver
  const asked = termsIn(proposal.terms)
  const narrowed = narrowedTerms(asked, narrowingIn(options), call.page)
  const acknowledges = acknowledged(waiting, options.acknowledgeDenial ?? [])
  const lines = await pageFor(call, 'countersign', waiting, narrowed)
  requireAcknowledged(call, waiting, acknowledges, lines)
  const body = {
    digest: proposal.digest,
    acknowledges: [...acknowledges],
    ...(narrowed === undefined ? {} : { narrow: narrowingOf(asked, narrowed) }),
  }
  const written = await decide(call, waiting.session, options, {
    verb: 'countersign',
    about: id,
    lines,
    send: (client) => client.countersign(id, body, callOptions(options)),
    ...signs(call, waiting.session, detail, { decision: 'countersign', ...body }),
  })
  requireSigned(written.waiver, id, narrowed === undefined ? proposal.digest : termsDigest(narrowed))
  return writtenShown(
    call.page,
    written,
    narrowed === undefined ? 'countersigned' : 'countersigned, narrower than was asked',
  )
}

/** A denial is acknowledged by the one who has it on the screen, by name, never by a switch for all. */
function acknowledged({ detail }: Waiting, named: readonly string[]): readonly string[] {
  const shown = detail.waiver.denialsBefore.map(({ waiver }) => waiver)
  const stranger = named.find((id) => !shown.includes(id))
  if (stranger !== undefined)
    throw new UsageError(
      `--acknowledge-denial \`${stranger}\` is no denial of this; there is ${shown.length === 0 ? 'none' : shown.join(', ')}`,
    )
  return named
}

/** Nobody is sent to a browser for what would be refused anyway; the denial has to be read first. */
function requireAcknowledged(
  call: Call,
  { detail }: Waiting,
  acknowledges: readonly string[],
  lines: readonly string[],
): void {
  const missing = detail.waiver.denialsBefore.filter(({ waiver }) => !acknowledges.includes(waiver))
  if (missing.length === 0) return
  call.screen.show(lines)
  const options = missing.map(({ waiver }) => `--acknowledge-denial ${waiver}`).join(' ')
  throw new Stop('refused', {
    kind: 'refusal',
    code: 'denial-not-acknowledged',
    message: 'the same was denied before; nothing was decided',
    next: `read the denial above, then decide again with ${options}`,
  })
}

function narrowingIn(options: Options): NarrowingOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => name.startsWith('narrow') && value !== undefined),
  )
}

/** The members that differ: what is absent stays as asked. */
export function narrowingOf(asked: Terms, narrowed: Terms): Narrowing {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  const { access, window, conditions, openFor } = narrowed
  return {
    ...(same(access.resources, asked.access.resources) ? {} : { resources: [...access.resources] }),
    ...(same(access.actions, asked.access.actions) ? {} : { actions: [...access.actions] }),
    ...(same(window, asked.window) ? {} : { window }),
    ...(Object.fromEntries(
      Object.entries(conditions).filter(([name, value]) => !same(value, asked.conditions[name as keyof Conditions])),
    ) as Narrowing),
    ...(openFor === undefined || openFor === asked.openFor ? {} : { openFor }),
  }
}

/** What was recorded must be what was shown; if it ever is not, somebody has to know at once. */
function requireSigned(
  { proposal, digest }: { readonly proposal?: { readonly digest: string } | undefined; readonly digest: string },
  id: string,
  signed: string,
): void {
  if (proposal?.digest === signed || digest === signed) return
  throw new Stop('bug', {
    kind: 'bug',
    code: 'signed-differs',
    message: `what was recorded for \`${id}\` has another digest than \`${signed}\`, which is what was shown to you`,
    next: `end it with \`countersign revoke ${id}\` and tell whoever runs the server`,
  })
}
