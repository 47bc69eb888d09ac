/** Says no, with a reason that stays. The same terms come back only with this denial shown to whoever decides next. */
import type { Command } from 'commander'
import type { Call } from '../context.ts'
import { pageFor, waitingFor } from '../deciding.ts'
import { type DecisionOptions, decide } from '../decision.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { callOptions, decides, signs, type WriteOptions, waiverArgument, writtenShown } from './shared.ts'

interface Options extends DecisionOptions, WriteOptions {
  readonly reason: string
}

export function addDeny(program: Command, registry: Registry): void {
  const command = program
    .command('deny')
    .summary('say no, with a reason')
    .description('Shows everything that is asked, then opens the browser for a sign-in of its own, then denies it.')
    .argument(...waiverArgument)
    .requiredOption('--reason <text>', 'why; it is shown to whoever decides about the same next')
  decides(command).action(performs<Options, [string]>(registry, deny))
}

async function deny(call: Call, options: Options, text: string): Promise<Shown> {
  const waiting = await waitingFor(call, text, (client, id, digest) =>
    client.deny(id, { digest, reason: options.reason }),
  )
  const { id } = waiting.detail.waiver
  const body = { digest: waiting.proposal.digest, reason: options.reason }
  const written = await decide(call, waiting.session, options, {
    verb: 'deny',
    about: id,
    lines: await pageFor(call, 'deny', waiting),
    send: (client) => client.deny(id, body, callOptions(options)),
    ...signs(call, waiting.session, waiting.detail, { decision: 'deny', ...body }),
  })
  return writtenShown(call.page, written, 'denied')
}
