/** Whom does the server take me for? By the token and the directory, not by what this machine remembers. */
import type { Command } from 'commander'
import { fields } from '../output/fields.ts'
import { instantSeen } from '../output/moments.ts'
import { named } from '../output/names.ts'
import { word } from '../output/terms.ts'
import { performs, type Registry } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'

export function addWhoami(program: Command, registry: Registry): void {
  program
    .command('whoami')
    .summary('whom the server takes you for')
    .description(
      'Says whom the server takes you for, in which pools you are, and when you last signed in interactively.',
    )
    .action(
      performs(registry, async (call) => {
        const { client, server, profile } = await sessionOf(call)
        const me = answered(await client.me())
        return {
          document: { server, profile, me },
          lines: fields(call.page, [
            ['Server', server],
            ['Profile', profile],
            ['You are', named(me.id, me.names)],
            ['Through', me.chain.map((id) => named(id, me.names))],
            [
              'Pools',
              me.pools.length === 0
                ? 'none'
                : me.pools.map((pool) => (me.names[pool] === undefined ? word(pool) : named(pool, me.names))),
            ],
            ['Founder', me.founder ? 'yes' : []],
            [
              'Signed in',
              me.signedInAt === undefined ? 'not in a way that decides' : instantSeen(me.signedInAt, call.page),
            ],
          ]),
        }
      }),
    )
}
