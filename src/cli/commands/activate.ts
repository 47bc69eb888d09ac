/** Starts the access of a countersigned waiver, or opens an envelope. Everything is checked anew at that moment. */
import type { Command } from 'commander'
import type { Call } from '../context.ts'
import { signWaiver } from '../hand-over.ts'
import { waiverLines } from '../output/waiver-page.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { answered, type Session, sessionOf } from '../session.ts'
import {
  callOptions,
  type WriteOptions,
  waiverArgument,
  waiverDetail,
  waiverId,
  writes,
  writtenShown,
} from './shared.ts'

interface Options extends WriteOptions {
  readonly account?: string
}

export function addActivate(program: Command, registry: Registry): void {
  const command = program
    .command('activate')
    .summary('start the access')
    .description(
      'Starts the access of a countersigned waiver, or opens a break-glass envelope. Independence, rules and contents are checked anew. Opening an envelope is a decision: where the rules ask for a passkey it is signed in the browser.',
    )
    .argument(...waiverArgument)
    .option('--account <name>', 'which of your accounts on the target, when you open an envelope and have several')
  writes(command).action(performs<Options, [string]>(registry, activate))
}

async function activate(call: Call, options: Options, text: string): Promise<Shown> {
  const session = await sessionOf(call)
  const id = await waiverId(session, text)
  const body = options.account === undefined ? {} : { account: options.account }
  const written = (await isSigned(session, id))
    ? await opened(call, session, id, body)
    : answered(await session.client.activate(id, callOptions(options), body), id)
  return writtenShown(call.page, written, 'started')
}

/** Whoever may not even see it is refused by the attempt, on the record. */
async function isSigned({ client }: Session, id: string): Promise<boolean> {
  const detail = await client.waiver(id)
  if (!detail.ok) return false
  const { terms, obligations } = detail.value.waiver
  return terms.kind === 'break-glass' && obligations.passkey
}

async function opened(call: Call, session: Session, id: string, body: Pick<Options, 'account'>) {
  const detail = await waiverDetail(session, id)
  call.screen.show(waiverLines(call.page, detail, answered(await session.client.events(id), id)))
  return signWaiver(call, session, id, { decision: 'activate', ...body })
}
