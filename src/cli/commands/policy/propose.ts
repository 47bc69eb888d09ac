/** Proposes files as the new rules. Files only propose: somebody independent has to countersign, and then there is a delay. */

import path from 'node:path'
import type { Command } from 'commander'
import type { Call } from '../../context.ts'
import { readPolicyAt, requirePlace } from '../../input/folder.ts'
import { compareWithForce } from '../../input/rules.ts'
import { problemsShown } from '../../output/problems.ts'
import { performs, type Registry, type Shown } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { callOptions, type WriteOptions, writes } from '../shared.ts'
import { comparisonLines } from './diff.ts'

interface Options extends WriteOptions {
  readonly policy?: string
  readonly reason: string
  readonly base?: string
}

export function addPropose(parent: Command, registry: Registry): void {
  const command = parent
    .command('propose')
    .summary('propose files as the new rules')
    .description(
      'Shows what would change and proposes it. It comes into force after somebody independent has countersigned it and the delay of the policy is over.',
    )
    .argument('[folder]', 'folder with `policy.yaml` or `policy/`', '.')
    .option('--policy <path>', 'the policy file or folder, when it is elsewhere')
    .requiredOption('--reason <text>', 'why the rules should change')
    .option('--base <digest>', 'the rules it was made on; those in force when left out')
  writes(command).action(performs<Options, [string]>(registry, propose))
}

async function propose(call: Call, options: Options, folder: string): Promise<Shown> {
  const place = await requirePlace(folder, 'policy', options.policy)
  const read = await readPolicyAt(place)
  if ('problems' in read) return problemsShown(call.page, read.problems)
  const { client } = await sessionOf(call)
  const inForce = answered(await client.policy())
  call.screen.show(comparisonLines(call.page, compareWithForce(inForce, read.policy), inForce.names))
  const files = read.files.map(({ name, text }) => ({ name: path.relative(path.dirname(place), name), text }))
  const { reason, base = inForce.digest } = options
  const detail = answered(await client.proposeChange({ files, base, reason }, callOptions(options)))
  return {
    document: detail,
    lines: [
      '',
      `${call.page.paint.good('proposed')}: ${detail.change.id}`,
      `  next: somebody independent runs \`countersign policy countersign ${detail.change.id}\``,
    ],
  }
}
