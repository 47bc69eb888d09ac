/** What the caller has asked for or benefits from, newest first. */
import { z } from 'zod'
import type { WaiverView } from '../../client/index.ts'
import { refusedWith, told } from '../answer.ts'
import { waiverFacts } from '../waiver-facts.ts'
import type { AddTool } from './tool.ts'

const input = z.strictObject({ open: z.boolean().default(true).describe('only those that are not over') })

const limit = 50

export const addListMyWaivers: AddTool = (server, { client }) => {
  server.registerTool(
    'list_my_waivers',
    {
      title: 'My waivers',
      description: 'Lists the waivers you asked for or benefit from, newest first.',
      inputSchema: input,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ open }) => {
      const me = await client.me()
      if (!me.ok) return refusedWith(me.problem)
      const only = open ? { open: true } : {}
      const [asked, mine] = await Promise.all([
        client.waivers({ requester: me.value.id, limit, ...only }),
        client.waivers({ beneficiary: me.value.id, limit, ...only }),
      ])
      if (!asked.ok) return refusedWith(asked.problem)
      if (!mine.ok) return refusedWith(mine.problem)
      const names = { ...asked.value.names, ...mine.value.names }
      const waivers = new Map<string, WaiverView>(
        [...asked.value.waivers, ...mine.value.waivers].map((waiver) => [waiver.id, waiver]),
      )
      const newestFirst = [...waivers.values()].sort((a, b) => (a.id < b.id ? 1 : -1))
      return told({ waivers: newestFirst.map((waiver) => waiverFacts({ waiver, names })) })
    },
  )
}
