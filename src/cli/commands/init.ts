/** The beginning: whoever runs the installation names the founders and the first rules. It puts nothing into force. */

import type { Command } from 'commander'
import { withPrefix } from '../../files/reference.ts'
import type { Call } from '../context.ts'
import { readPolicyAt } from '../input/folder.ts'
import { wholeNumber } from '../input/number.ts'
import { mended, type OperatorOptions, operates } from '../operator.ts'
import { problemsShown } from '../output/problems.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { ServerSaidNo } from '../stop.ts'
import { several } from './shared.ts'

interface Options extends OperatorOptions {
  readonly founder: readonly string[]
  readonly needed: string
  readonly policy: string
}

export function addInit(program: Command, registry: Registry): void {
  const command = program
    .command('init')
    .summary('propose the founders and the first policy')
    .description(
      'Names the founders and the first policy of a new installation. Nothing is in force before enough founders, one of them from outside the platform team, have accepted exactly that policy.',
    )
    .requiredOption('--founder <person>', 'a founder; once for each, at least two', several)
    .option('--needed <count>', 'how many of them must accept', '2')
    .requiredOption('--policy <path>', 'file or folder of the first policy')
  operates(command).action(performs<Options>(registry, init))
}

async function init(call: Call, { config, founder, needed, policy }: Options): Promise<Shown> {
  const read = await readPolicyAt(policy)
  if ('problems' in read) return problemsShown(call.page, read.problems)
  const founders = founder.map((id) => withPrefix('per', id))
  const count = wholeNumber(needed, '--needed', 2, 1_000)
  const handIns = await call.context.handIns()
  const outcome = await mended(handIns.init({ config, founders, needed: count, policy: read.policy }))
  if (outcome.outcome === 'refused') {
    const { code, message } = outcome.refusal
    throw new ServerSaidNo({ type: 'about:blank', title: message, status: 409, detail: message, code })
  }
  return {
    document: outcome.founding,
    lines: [
      `${call.page.paint.good('proposed')}: ${founders.join(', ')} found this installation on policy ${outcome.founding.policy}`,
      `  next: start it with \`countersign serve\`; then ${outcome.founding.needed} of them run \`countersign login\` and \`countersign founding accept\``,
    ],
  }
}
