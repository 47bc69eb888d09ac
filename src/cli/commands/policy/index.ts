// The commands about the rules themselves. Files only propose.
import type { Command } from 'commander'
import type { Registry } from '../../perform.ts'
import { addChanges } from './changes.ts'
import { addCheck } from './check.ts'
import { addCountersign } from './countersign.ts'
import { addDeny } from './deny.ts'
import { addDiff } from './diff.ts'
import { addPropose } from './propose.ts'
import { addSchema } from './schema.ts'
import { addShow } from './show.ts'
import { addTest } from './test.ts'
import { addWithdraw } from './withdraw.ts'

export function addPolicy(program: Command, registry: Registry): void {
  const policy = program
    .command('policy')
    .summary('the rules: check, test, propose, decide')
    .description('The rules themselves. Files only propose; what is in force was countersigned.')
  for (const add of [
    addShow,
    addCheck,
    addTest,
    addSchema,
    addDiff,
    addPropose,
    addChanges,
    addCountersign,
    addDeny,
    addWithdraw,
  ])
    add(policy, registry)
}
