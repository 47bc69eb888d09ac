/** Where a request stands. A wait is a handle: whoever asked comes back with the id as often as it likes. */
import { z } from 'zod'
import { answerOf } from '../answer.ts'
import { waiverFacts } from '../waiver-facts.ts'
import type { AddTool } from './tool.ts'

const input = z.strictObject({ waiver: z.string().min(1).max(300).describe('the id that request_override returned') })

export const addGetRequest: AddTool = (server, { client }) => {
  server.registerTool(
    'get_request',
    {
      title: 'How does my request stand?',
      description:
        'Says where a request stands, what was approved (it may be narrower than what was asked) and until when.',
      inputSchema: input,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ waiver }) => answerOf(await client.waiver(waiver), waiverFacts),
  )
}
