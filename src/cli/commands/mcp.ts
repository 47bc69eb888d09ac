/** Serves the tools for agents over standard input and output: to one agent, as whoever is signed in or brings a token. */
import type { Command } from 'commander'
import { packageVersion } from '../../lib/package-version.ts'
import { mcpServer } from '../../mcp/index.ts'
import { performs, type Registry } from '../perform.ts'
import { serveAgent } from '../serve-agent.ts'
import { sessionOf } from '../session.ts'

export function addMcp(program: Command, registry: Registry): void {
  program
    .command('mcp')
    .summary('tools for an agent, over standard input and output')
    .description(
      'Serves the Model Context Protocol (revisions 2026-07-28 and 2025-11-25) to one agent: it can ask for overrides, follow and cancel them, and never decide. It acts as whoever is signed in, or as the workload whose token is in `COUNTERSIGN_TOKEN`.',
    )
    .action(
      performs(registry, async (call) => {
        const { client } = await sessionOf(call)
        await serveAgent(({ era }) => mcpServer({ client, nowMillis: call.context.nowMillis, era }, packageVersion))
        return undefined
      }),
    )
}
