/** Runs the server until it is asked to stop. */
import { type Command, Option } from 'commander'
import type { ServeOptions } from '../hand-ins.ts'
import { mended, type OperatorOptions, operates } from '../operator.ts'
import { performs, type Registry } from '../perform.ts'

interface Options extends OperatorOptions {
  readonly role: ServeOptions['role']
}

export function addServe(program: Command, registry: Registry): void {
  const command = program
    .command('serve')
    .summary('run the server')
    .description(
      'Runs the server: the API, the sweep that ends access on time, and the reconciliation with the targets. Any number may run on one PostgreSQL.',
    )
    .addOption(new Option('--role <role>', 'what this process does').choices(['api', 'worker', 'both']).default('both'))
  operates(command).action(
    performs<Options>(registry, async (call, { config, role }) => {
      const { handIns, untilStopped } = call.context
      const { serve } = await handIns()
      const running = await mended(serve({ config, role }))
      const { url } = running
      call.screen.result({ role, ...(url === undefined ? {} : { url }) }, [
        url === undefined ? 'working; end with Ctrl-C' : `listening at ${url}; end with Ctrl-C`,
      ])
      await untilStopped()
      call.screen.progress('stopping')
      await running.stop()
      return undefined
    }),
  )
}
