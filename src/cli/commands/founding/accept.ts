/** A founder accepts the first policy: a decision over the whole of it, with a sign-in of its own. */
import type { Command } from 'commander'
import { digestOf } from '../../../lib/digest.ts'
import type { Call } from '../../context.ts'
import { type DecisionOptions, decide } from '../../decision.ts'
import { foundingLines } from '../../output/founding.ts'
import { wholePolicyLines } from '../../output/rules.ts'
import { performs, type Registry, type Shown } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { Stop } from '../../stop.ts'
import { callOptions, decides, type WriteOptions } from '../shared.ts'

export function addAccept(parent: Command, registry: Registry): void {
  const command = parent
    .command('accept')
    .summary('accept the first policy, as a founder')
    .description(
      'Shows the whole first policy, then opens the browser for a sign-in of its own, then accepts exactly that.',
    )
  decides(command).action(performs<DecisionOptions & WriteOptions>(registry, accept))
}

async function accept(call: Call, options: DecisionOptions & WriteOptions): Promise<Shown> {
  const session = await sessionOf(call)
  const founding = answered(await session.client.founding())
  const { policy } = founding
  if (policy === undefined || founding.status !== 'proposed') {
    throw new Stop('refused', {
      kind: 'refusal',
      code: 'not-in-this-state',
      message: `nothing is waiting for the founders: the founding is ${founding.status}`,
    })
  }
  const view = answered(await session.client.policyRevision(policy))
  if (digestOf(view.policy) !== policy) {
    throw new Stop('refused', {
      kind: 'refusal',
      code: 'terms-changed',
      message: `the policy that was sent to be shown is not \`${policy}\`; nothing was accepted`,
      next: 'tell whoever runs the server; this must not happen',
    })
  }
  const accepted = await decide(call, session, options, {
    verb: 'accept',
    about: policy,
    lines: [
      ...foundingLines(call.page, founding),
      '',
      call.page.paint.strong('The whole first policy:'),
      ...wholePolicyLines(view.policy, call.page.width),
      '',
    ],
    send: (client) => client.acceptFounding({ policy }, callOptions(options)),
  })
  return { document: accepted, lines: [call.page.paint.good('accepted'), ...foundingLines(call.page, accepted)] }
}
