/** Starts access that was countersigned. Whoever approved it cannot; whoever asked for it may. */
import { z } from 'zod'
import { answerOf } from '../answer.ts'
import { waiverFacts } from '../waiver-facts.ts'
import type { AddTool } from './tool.ts'

const input = z.strictObject({ waiver: z.string().min(1).max(300).describe('a countersigned waiver of yours') })

export const addStartAccess: AddTool = (server, { client }) => {
  server.registerTool(
    'start_access',
    {
      title: 'Start countersigned access',
      description: 'Starts access that an independent person has countersigned. The window then runs.',
      inputSchema: input,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
    async ({ waiver }) => answerOf(await client.activate(waiver), waiverFacts),
  )
}
