/**
 * The server behind the gateway: the only one who holds its credential is this process. Its list of tools is never
 * kept: it is read again before every call, so that a tool is judged by what it says of itself at that moment.
 */
import type { CallToolResult, Tool } from '@modelcontextprotocol/client'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

export interface Upstream {
  /** As they are now. */
  tools(): Promise<readonly Tool[]>
  call(tool: string, given: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<CallToolResult>
  close(): Promise<void>
}

export type Behind =
  | {
      readonly command: string
      readonly args: readonly string[]
      readonly environment: Readonly<Record<string, string>>
    }
  | { readonly url: string; readonly token?: string }

/** A tool may work for a while; whoever called it may give up earlier. */
const callMillisMax = 600_000

export async function connectUpstream(behind: Behind, version: string): Promise<Upstream> {
  const client = new Client({ name: 'countersign-gateway', version }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(transportTo(behind))
  return {
    async tools() {
      const tools: Tool[] = []
      let cursor: string | undefined
      do {
        const page = await client.listTools(cursor === undefined ? {} : { cursor })
        tools.push(...page.tools)
        cursor = page.nextCursor
      } while (cursor !== undefined && tools.length < 10_000)
      return tools
    },
    async call(name, given, signal) {
      const options = { timeout: callMillisMax, ...(signal === undefined ? {} : { signal }) }
      return (await client.callTool({ name, arguments: { ...given } }, options)) as CallToolResult
    },
    close: () => client.close(),
  }
}

function transportTo(behind: Behind) {
  if ('url' in behind) {
    const headers = behind.token === undefined ? {} : { authorization: `Bearer ${behind.token}` }
    return new StreamableHTTPClientTransport(new URL(behind.url), { requestInit: { headers } })
  }
  const { command, args, environment } = behind
  return new StdioClientTransport({ command, args: [...args], env: { ...environment }, stderr: 'inherit' })
}
