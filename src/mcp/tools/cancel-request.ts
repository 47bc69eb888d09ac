/** Takes a request back, or ends access that is no longer needed. It can only ever make less of what the caller has. */
import { z } from 'zod'
import { answerOf, refusedWith } from '../answer.ts'
import { waiverFacts } from '../waiver-facts.ts'
import type { AddTool } from './tool.ts'

const input = z.strictObject({
  waiver: z.string().min(1).max(300).describe('the id that request_override returned'),
  reason: z.string().min(1).max(2_000).default('no longer needed'),
})

export const addCancelRequest: AddTool = (server, { client }) => {
  server.registerTool(
    'cancel_request',
    {
      title: 'Cancel a request, or end its access',
      description: 'Takes a request back while nobody has started it; ends the access when it runs. Cannot be undone.',
      inputSchema: input,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    },
    async ({ waiver: id, reason }) => {
      const known = await client.waiver(id)
      if (!known.ok) return refusedWith(known.problem)
      const runs = known.value.waiver.activation !== undefined
      return answerOf(runs ? await client.revoke(id, { reason }) : await client.withdraw(id, { reason }), waiverFacts)
    },
  )
}
