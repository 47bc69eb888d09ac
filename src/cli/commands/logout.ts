/** Forgets the kept sign-in, and the one to decide with. What the issuer remembers is the issuer's. */
import type { Command } from 'commander'
import { deciderProfile } from '../decision.ts'
import { performs, type Registry } from '../perform.ts'
import { placeOf } from '../session.ts'

export function addLogout(program: Command, registry: Registry): void {
  program
    .command('logout')
    .summary('forget the sign-in')
    .description('Removes the kept sign-in of this server and profile from this machine.')
    .action(
      performs(registry, async (call) => {
        const { server, profile } = await placeOf(call)
        const { tokens } = call.context
        await tokens.remove({ server, profile: deciderProfile(profile) })
        const was = await tokens.remove({ server, profile })
        return {
          document: { server, profile, removed: was },
          lines: [was ? `signed out of ${server}` : `nobody was signed in at ${server}`],
        }
      }),
    )
}
