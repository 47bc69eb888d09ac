/**
 * Stands in front of another server of tools: lists them unchanged, and lets a call through only when a live waiver covers
 * exactly it, asked at that moment. Everything that is unclear is a no: no rule, no answer, a tool that changed. Only tools
 * go through; what else the server offers is not reachable here.
 */
import { type CallToolResult, Server } from '@modelcontextprotocol/server'
import type { Client } from '../client/index.ts'
import type { GatewayConfig } from './config.ts'
import { denied } from './denied.ts'
import { toolDigest } from './pin.ts'
import { type AccessQuestion, type Call, questionFor } from './question.ts'
import type { Upstream } from './upstream.ts'

export interface GatewayParts {
  readonly upstream: Upstream
  /** Acts as the gateway's own workload, which the policy names as an enforcer of the system. */
  readonly client: Pick<Client, 'evaluate'>
  readonly config: GatewayConfig
  readonly version: string
}

export function gatewayServer({ upstream, client, config, version }: GatewayParts): Server {
  const server = new Server(
    { name: 'countersign-gateway', title: 'Countersign gateway', version },
    { capabilities: { tools: {} } },
  )
  server.setRequestHandler('tools/list', async () => ({ tools: [...(await upstream.tools())] }))
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = (await upstream.tools()).find(({ name }) => name === params.name)
    const given = params.arguments ?? {}
    if (tool === undefined) return unknownTool(params.name)
    const call: Call = { tool: tool.name, digest: toolDigest(tool), arguments: given }
    const no = await refusalOf(call, client, config)
    return no ?? (await upstream.call(call.tool, given, context.mcpReq.signal))
  })
  return server
}

/** @returns what the agent hears instead, or `undefined` when the call may go through. */
async function refusalOf(
  call: Call,
  client: GatewayParts['client'],
  config: GatewayConfig,
): Promise<CallToolResult | undefined> {
  const question = questionFor(call, config)
  if (question === 'open') return undefined
  if ('notCovered' in question) return denied(call, { reason: 'not-covered', detail: question.notCovered })
  return decidedAgainst(call, question, client)
}

async function decidedAgainst(
  call: Call,
  question: AccessQuestion,
  client: GatewayParts['client'],
): Promise<CallToolResult | undefined> {
  const answer = await client.evaluate(question).catch(() => undefined)
  if (answer === undefined || !answer.ok) {
    const detail = answer === undefined ? 'Countersign cannot be asked' : answer.problem.detail
    return denied(call, { reason: 'could-not-be-checked', detail }, question)
  }
  const { decision, context = {} } = answer.value
  // INVARIANT: anything but exactly yes, taken as a use, is a no.
  if (decision === true && context.purpose === 'use') return undefined
  const said = (context.reason_user as { en?: unknown } | undefined)?.en
  return denied(
    call,
    {
      reason: decision === true ? 'gateway-is-no-enforcer' : String(context.reason ?? 'no'),
      detail:
        decision === true ? 'the rules do not name this gateway as an enforcer of the system' : String(said ?? ''),
      ...(typeof context.waiver === 'string' ? { waiver: context.waiver } : {}),
      ...(context.access_request === undefined
        ? {}
        : { offer: { evaluation: context.evaluation_id, request: context.access_request } }),
    },
    question,
  )
}

function unknownTool(name: string): CallToolResult {
  return { content: [{ type: 'text', text: `there is no tool \`${name}\`` }], isError: true }
}
