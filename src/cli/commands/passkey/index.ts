// The keys that sign for a person. They are made and used in a browser; here one looks, removes, and begins.
import type { Command } from 'commander'
import type { Registry } from '../../perform.ts'
import { addAdd } from './add.ts'
import { addConfirm } from './confirm.ts'
import { addList } from './list.ts'
import { addRemove } from './remove.ts'

export function addPasskey(program: Command, registry: Registry): void {
  const passkey = program
    .command('passkey')
    .summary('the keys that sign your decisions')
    .description(
      'Passkeys sign decisions. They live on devices, and are made and used in a browser; somebody independent confirms each before it signs.',
    )
  for (const add of [addList, addAdd, addConfirm, addRemove]) add(passkey, registry)
}
