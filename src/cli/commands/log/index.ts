// What operators change about the transparency log.
import type { Command } from 'commander'
import type { Registry } from '../../perform.ts'
import { addBeginAgain } from './begin-again.ts'
import { addRotateKey } from './rotate-key.ts'

export function addLog(program: Command, registry: Registry): void {
  const log = program
    .command('log')
    .summary('the transparency log: another key, or another beginning')
    .description('Changes to the transparency log that operators make. Each is an event in the log itself.')
  for (const add of [addRotateKey, addBeginAgain]) add(log, registry)
}
