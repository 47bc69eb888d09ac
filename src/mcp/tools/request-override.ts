/**
 * Asks for a temporary override. It asks and nothing else: the answer is a handle to come back with. Whoever is asked for a
 * reason here gives a reason; an approval is never taken from an answer to a question.
 */
import { acceptedContent, inputRequired } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { type AskedTerms, withOneAccount } from '../../client/index.ts'
import { answerOf, notDone, refusedWith } from '../answer.ts'
import { waiverFacts } from '../waiver-facts.ts'
import type { AddTool } from './tool.ts'

const name = z.string().min(1).max(300)
const names = z.array(name).min(1).max(200)

const input = z.strictObject({
  system: name.describe('id of the system, such as `sys_ledger-db`'),
  entitlement: name.describe('what is granted there, by its exact id'),
  resources: names.describe('on what, by exact names; never patterns'),
  actions: names.describe('to do what there, by exact names'),
  minutes: z.int().min(1).max(525_600).describe('how long it is needed, from now; ask for as little as the work takes'),
  reason: z.string().min(1).max(2_000).optional().describe('why it is needed; a person reads it'),
  beneficiary: name.optional().describe('who gets the access; yourself when left out'),
  account: name.optional().describe('the account on the system, when there are several'),
  reference: z
    .strictObject({ kind: z.enum(['incident', 'change', 'ticket']), id: name })
    .optional()
    .describe('what it belongs to; it ends when that is closed'),
  uses_max: z.int().min(1).max(1_000_000).optional().describe('at most so many uses'),
  controls: z
    .array(z.strictObject({ control: name, owner: name, every: z.string().max(20) }))
    .max(50)
    .optional()
    .describe('compensating controls that hold meanwhile; `every` is an ISO 8601 duration'),
})

type Input = z.output<typeof input>

const reasonForm = z.object({ reason: z.string().min(1).max(2_000) })

export const addRequestOverride: AddTool = (server, { client, nowMillis, era }) => {
  server.registerTool(
    'request_override',
    {
      title: 'Ask for a temporary override',
      description:
        'Asks for one exact scope for a short time. An independent person decides; nothing is granted by asking. Returns a waiver id: come back with get_request. Asking again for the same is refused while it is open.',
      inputSchema: input,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    },
    async (asked, context) => {
      const reason =
        asked.reason ?? acceptedContent<{ reason: string }>(context.mcpReq.inputResponses, 'reason')?.reason
      if (reason === undefined || !reasonForm.safeParse({ reason }).success)
        return era === 'modern' ? askForReason() : noReason
      const me = await client.me()
      if (!me.ok) return refusedWith(me.problem)
      const draft = termsOf(asked, reason, me.value.id, nowMillis())
      const preview = await client.preview({ terms: draft })
      if (!preview.ok) return refusedWith(preview.problem)
      const found = withOneAccount(draft, preview.value)
      if ('account' in found)
        return notDone({ refused: 'account-missing', detail: found.detail, accounts: found.accounts })
      return answerOf(await client.ask({ terms: found.terms }), (written) => ({
        ...waiverFacts(written),
        couldDecideCount: preview.value.eligible.length,
      }))
    },
  )
}

const noReason = notDone({ refused: 'reason-missing', detail: 'say why it is needed, in `reason`' })

function askForReason() {
  return inputRequired({
    inputRequests: {
      reason: inputRequired.elicit({
        message: 'Why is this override needed? An independent person will read it and decide.',
        requestedSchema: reasonForm,
      }),
    },
  })
}

function termsOf(asked: Input, reason: string, self: string, nowMillis: number): AskedTerms {
  const { system, entitlement, resources, actions, account, reference, minutes } = asked
  return {
    kind: 'access-override',
    beneficiary: asked.beneficiary ?? self,
    access: { system, entitlement, resources, actions, ...(account === undefined ? {} : { account }) },
    window: {
      start: new Date(nowMillis).toISOString(),
      end: new Date(nowMillis + minutes * 60_000).toISOString(),
    },
    reason,
    controls: asked.controls ?? [],
    conditions: asked.uses_max === undefined ? {} : { usesMax: asked.uses_max },
    ...(reference === undefined ? {} : { reference }),
  }
}
