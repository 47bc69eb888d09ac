// The commands about who is who.
import type { Command } from 'commander'
import type { Registry } from '../../perform.ts'
import { addCheck } from './check.ts'
import { addDiff } from './diff.ts'
import { addExplain } from './explain.ts'
import { addFind } from './find.ts'
import { addHolds } from './holds.ts'
import { addImport } from './import.ts'
import { addLink, addLinks } from './links.ts'
import { addConfirm, addReject } from './settle-hold.ts'
import { addConfirmLink, addRejectLink, addUnlink } from './settle-link.ts'
import { addShow } from './show.ts'

export function addDirectory(program: Command, registry: Registry): void {
  const directory = program
    .command('directory')
    .summary('who is who: import, check, look up')
    .description('Who is who: where it is read from, how fresh it is, and whom it knows.')
  for (const add of [
    addShow,
    addFind,
    addExplain,
    addImport,
    addDiff,
    addHolds,
    addConfirm,
    addReject,
    addLinks,
    addLink,
    addConfirmLink,
    addRejectLink,
    addUnlink,
    addCheck,
  ])
    add(directory, registry)
}
