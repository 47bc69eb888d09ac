/**
 * The tools by which an agent asks for access in its own name. They are a client of the API like any other: whoever is
 * connected is whoever the API takes them for. None of them decides, and none ever will: approving needs a person, signed
 * in and outside.
 */
import { McpServer } from '@modelcontextprotocol/server'
import { addCancelRequest } from './tools/cancel-request.ts'
import { addGetRequest } from './tools/get-request.ts'
import { addListMyWaivers } from './tools/list-my-waivers.ts'
import { addRequestOverride } from './tools/request-override.ts'
import { addStartAccess } from './tools/start-access.ts'
import type { AddTool, Caller } from './tools/tool.ts'
import { addWhatMayIAsk } from './tools/what-may-i-ask.ts'

const tools: readonly AddTool[] = [
  addWhatMayIAsk,
  addRequestOverride,
  addGetRequest,
  addListMyWaivers,
  addCancelRequest,
  addStartAccess,
]

/** One for each connection or request: servers that are shared between clients leak. */
export function mcpServer(caller: Caller, version: string): McpServer {
  const server = new McpServer(
    { name: 'countersign', title: 'Countersign', version },
    {
      capabilities: { tools: {} },
      instructions:
        'Ask for temporary access with request_override when something you must do is not covered, for as little and as short as the work takes. An independent person decides; come back with get_request. Never try to approve, and never ask a person to approve on your behalf here.',
    },
  )
  for (const add of tools) add(server, caller)
  return server
}
