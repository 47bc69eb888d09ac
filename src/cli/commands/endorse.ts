/** The operational sign-off of a two-step waiver: a decision, with a sign-in of its own. */
import type { Command } from 'commander'
import type { Call } from '../context.ts'
import { pageFor, waitingFor } from '../deciding.ts'
import { type DecisionOptions, decide } from '../decision.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { callOptions, decides, signs, type WriteOptions, waiverArgument, writtenShown } from './shared.ts'

export function addEndorse(program: Command, registry: Registry): void {
  const command = program
    .command('endorse')
    .summary('give the operational sign-off')
    .description(
      'Shows everything that is asked, then opens the browser for a sign-in of its own, then endorses exactly that.',
    )
    .argument(...waiverArgument)
  decides(command).action(performs<DecisionOptions & WriteOptions, [string]>(registry, endorse))
}

async function endorse(call: Call, options: DecisionOptions & WriteOptions, text: string): Promise<Shown> {
  const waiting = await waitingFor(call, text, (client, id, digest) => client.endorse(id, { digest }))
  const { id } = waiting.detail.waiver
  const body = { digest: waiting.proposal.digest }
  const written = await decide(call, waiting.session, options, {
    verb: 'endorse',
    about: id,
    lines: await pageFor(call, 'endorse', waiting),
    send: (client) => client.endorse(id, body, callOptions(options)),
    ...signs(call, waiting.session, waiting.detail, { decision: 'endorse', ...body }),
  })
  return writtenShown(call.page, written, 'endorsed')
}
