/** What can be asked for: the catalogue of the policy in force, as far as the caller may see it. */
import { z } from 'zod'
import { answerOf } from '../answer.ts'
import type { AddTool } from './tool.ts'

const input = z.strictObject({
  system: z.string().max(300).optional().describe('only this system, such as `sys_ledger-db`'),
})

export const addWhatMayIAsk: AddTool = (server, { client }) => {
  server.registerTool(
    'what_may_i_ask',
    {
      title: 'What may I ask for?',
      description:
        'Lists systems, their entitlements, and the exact names of resources and actions that an override can be asked for. Names are exact; nothing here grants anything.',
      inputSchema: input,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ system }) =>
      answerOf(await client.policy(), ({ policy }) => ({ systems: systemsIn(policy.systems, system) })),
  )
}

const entitlement = z.object({
  name: z.string(),
  tier: z.string(),
  resources: z.array(z.string()),
  actions: z.array(z.string()),
  kinds: z.array(z.string()),
})
const catalogue = z.record(z.string(), z.object({ name: z.string(), entitlements: z.record(z.string(), entitlement) }))

/** What is not a catalogue is none: then there is nothing to ask for. */
function systemsIn(systems: unknown, only: string | undefined) {
  const read = catalogue.safeParse(systems)
  if (!read.success) return []
  return Object.entries(read.data)
    .filter(([id]) => only === undefined || id === only || id === `sys_${only}`)
    .map(([id, { name, entitlements }]) => ({
      system: id,
      name,
      entitlements: Object.entries(entitlements).map(([key, one]) => ({ entitlement: key, ...one })),
    }))
}
