/** An agent on the protocol's own client, in either revision, connected to a real server. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

export type Era = '2025-11-25' | '2026-07-28'

export interface Agent {
  readonly client: Client
  /** What a tool said, and whether it was a no. */
  call(tool: string, input?: Record<string, unknown>): Promise<{ said: Record<string, unknown>; isError: boolean }>
  close(): Promise<void>
}

export async function agentOver(url: string, token: string, era: Era, reason?: string): Promise<Agent> {
  const client = new Client(
    { name: 'test-agent', version: '0' },
    {
      capabilities: reason === undefined ? {} : { elicitation: { form: {} } },
      versionNegotiation: { mode: era === '2026-07-28' ? { pin: era } : 'legacy' },
    },
  )
  if (reason !== undefined)
    client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { reason } }))
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  })
  await client.connect(transport)
  return agentOf(client)
}

export function agentOf(client: Client): Agent {
  return {
    client,
    async call(tool, input = {}) {
      const result = await client.callTool({ name: tool, arguments: input })
      const [first] = result.content as readonly { readonly text?: string }[]
      let said: Record<string, unknown> = {}
      try {
        said = JSON.parse(first?.text ?? '{}') as Record<string, unknown>
      } catch {
        said = { text: first?.text }
      }
      return { said, isError: result.isError === true }
    },
    close: () => client.close(),
  }
}
