/** How an agent hears a no: why, in one word and a sentence, and exactly what it could ask for. The tool was not called. */
import type { CallToolResult } from '@modelcontextprotocol/server'
import type { AccessQuestion, Call } from './question.ts'

export interface Denial {
  readonly reason: string
  readonly detail: string
  readonly waiver?: string
}

export function denied(call: Call, denial: Denial, question?: AccessQuestion): CallToolResult {
  const facts = {
    called: false,
    tool: call.tool,
    ...denial,
    ...(question === undefined ? {} : { ask: whatToAsk(call, question) }),
  }
  return { content: [{ type: 'text', text: JSON.stringify(facts, null, 2) }], isError: true }
}

/** In the words of the tool `request_override`, and of `countersign request`. */
function whatToAsk(call: Call, { action, resource }: AccessQuestion) {
  return {
    how: 'ask with the tool request_override of Countersign (or `countersign request`); an independent person decides; then call this tool again',
    system: resource.type,
    resources: [resource.id],
    actions: [action.name],
    tool: { name: call.tool, digest: call.digest },
  }
}
