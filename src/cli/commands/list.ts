/** Waivers one may read, newest first; or only those that wait for somebody. */

import { type Command, Option } from 'commander'
import type { WaiverPage, WaiverQuery, WaiverView } from '../../client/index.ts'
import { withPrefix } from '../../files/reference.ts'
import type { Call } from '../context.ts'
import { wholeNumber } from '../input/number.ts'
import { instantSeen } from '../output/moments.ts'
import { named } from '../output/names.ts'
import type { Page } from '../output/page.ts'
import { table } from '../output/table.ts'
import { visible } from '../output/visible.ts'
import { statusOf } from '../output/waiver-page.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { answered, type Session, sessionOf } from '../session.ts'
import { severalOf, waiverId } from './shared.ts'

const statuses = ['requested', 'endorsed', 'countersigned', 'active', 'suspended', 'ended', 'reviewed'] as const
const kinds = ['access-override', 'sod-exception', 'break-glass'] as const

interface Options {
  readonly status?: readonly (typeof statuses)[number][]
  readonly system?: string
  readonly beneficiary?: string
  readonly requester?: string
  readonly mine?: boolean
  readonly kind?: (typeof kinds)[number]
  readonly open?: boolean
  readonly ended?: boolean
  readonly waitsForMe?: boolean
  readonly limit: string
  readonly after?: string
}

export function addList(program: Command, registry: Registry): void {
  program
    .command('list')
    .summary('list waivers')
    .description('Lists waivers you may read, newest first.')
    .option('--waits-for-me', 'only those in which you may decide, review, answer or activate now')
    .option('--mine', 'only those you asked for')
    .option(
      '--status <status>',
      `only this state, once for each: ${statuses.join(', ')}`,
      severalOf(statuses, '--status'),
    )
    .option('--open', 'only those that are open')
    .addOption(new Option('--ended', 'only those that have ended').conflicts('open'))
    .option('--system <id>', 'only on this system')
    .option('--beneficiary <id>', 'only for this person, workload or rota')
    .addOption(new Option('--requester <id>', 'only asked by this person or workload').conflicts('mine'))
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(kinds))
    .option('--limit <count>', 'how many at most, 1 to 200', '50')
    .option('--after <waiver>', 'go on after this one; the last line of a full page names it')
    .action(performs<Options>(registry, list))
}

async function list(call: Call, options: Options): Promise<Shown> {
  const session = await sessionOf(call)
  const page = answered(await session.client.waivers(await queryOf(session, options)))
  return { document: page, lines: listLines(call.page, page) }
}

async function queryOf(session: Session, options: Options): Promise<WaiverQuery> {
  const { status, system, beneficiary, requester, kind, after } = options
  const asker =
    options.mine === true
      ? answered(await session.client.me()).id
      : requester === undefined
        ? undefined
        : someone(requester)
  return {
    ...(status === undefined ? {} : { status: status.map((one) => one) }),
    ...(system === undefined ? {} : { system: withPrefix('sys', system) }),
    ...(beneficiary === undefined ? {} : { beneficiary: someone(beneficiary) }),
    ...(asker === undefined ? {} : { requester: asker }),
    ...(kind === undefined ? {} : { kind }),
    ...(options.open === true ? { open: true } : options.ended === true ? { open: false } : {}),
    ...(options.waitsForMe === true ? { waitsForMe: true } : {}),
    ...(after === undefined ? {} : { after: await waiverId(session, after) }),
    limit: wholeNumber(options.limit, '--limit', 1, 200),
  }
}

function someone(id: string): string {
  return /^(?:per|wl|rota)_/.test(id) ? id : withPrefix('per', id)
}

export function listLines(page: Page, { waivers, next, names }: WaiverPage): readonly string[] {
  if (waivers.length === 0) return ['no waivers', ...moreLines(next)]
  const columns = [
    { title: 'Waiver', cell: ({ id }: WaiverView) => visible(id) },
    { title: 'State', cell: (waiver: WaiverView) => statusOf(waiver, page.nowMillis) },
    { title: 'Beneficiary', cell: ({ terms }: WaiverView) => named(terms.beneficiary, names) },
    {
      title: 'Access',
      cell: ({ terms }: WaiverView) => `${visible(terms.access.entitlement)} on ${named(terms.access.system, names)}`,
    },
    {
      title: 'Ends',
      cell: ({ activation, terms }: WaiverView) => instantSeen(activation?.end ?? terms.window.end, page),
    },
    {
      title: 'Removal',
      cell: removalOf,
      paint: (text: string) => (text.startsWith('OPEN') ? page.paint.bad(text) : text),
    },
  ]
  return [...table(page, columns, waivers), ...moreLines(next)]
}

function removalOf({ removal }: WaiverView): string {
  return removal.state === 'open' ? 'OPEN' : removal.state === 'verified' ? 'verified' : ''
}

function moreLines(next: string | undefined): readonly string[] {
  return next === undefined ? [] : [`there are more: --after ${visible(next)}`]
}
