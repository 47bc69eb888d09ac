/** How an agent hears a no: why, in one word and a sentence, and exactly what it could ask for. The tool was not called. */
import type { CallToolResult } from '@modelcontextprotocol/server'
import type { AccessQuestion, Call } from './question.ts'

export interface Denial {
  readonly reason: string
  readonly detail: string
  readonly waiver?: string
  /** As the installation signed it, where this may be asked for by its access request profile. */
  readonly offer?: { readonly evaluation: unknown; readonly request: unknown }
}

export function denied(call: Call, { offer, ...denial }: Denial, question?: AccessQuestion): CallToolResult {
  const facts = {
    called: false,
    tool: call.tool,
    ...denial,
    ...(question === undefined || !mayHelp(denial.reason) ? {} : { ask: whatToAsk(call, question) }),
    ...(question === undefined || offer === undefined ? {} : { offer: offered(question, offer) }),
  }
  return { content: [{ type: 'text', text: JSON.stringify(facts, null, 2) }], isError: true }
}

/** What the organisation's guardrails refuse nobody can countersign. */
function mayHelp(reason: string): boolean {
  return !/^(?:guardrail-|no-guardrail-)/.test(reason)
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

/** What a program needs to take it up: the very question that was denied, and what was signed of it. */
function offered(
  { subject, action, resource, context }: AccessQuestion,
  { evaluation, request }: Required<Denial>['offer'],
) {
  const { tool, arguments: given } = context
  return {
    subject,
    action,
    resource,
    context: { tool, arguments: given },
    evaluation_id: evaluation,
    access_request: request,
  }
}
