// The commands about duties that may not come together.
import type { Command } from 'commander'
import type { Registry } from '../../perform.ts'
import { addCheck } from './check.ts'
import { addEvidence } from './evidence.ts'
import { addFixes } from './fixes.ts'
import { addImport } from './import.ts'
import { addMitigations } from './mitigations.ts'
import { addShow } from './show.ts'

export function addDuties(program: Command, registry: Registry): void {
  const duties = program
    .command('duties')
    .summary('who holds a conflict of duties, what covers it, what would end it')
    .description(
      'Segregation of duties for everybody at once: who holds a conflict today, through what, what answers for it, and which access would have to go. Asks a server, or reads files.',
    )
  for (const add of [addCheck, addShow, addFixes, addMitigations, addEvidence, addImport]) add(duties, registry)
}
