/** What every tool gets: the client of whoever is connected, never one of our own, and the time. */
import type { McpServer } from '@modelcontextprotocol/server'
import type { Client } from '../../client/index.ts'

export interface Caller {
  readonly client: Client
  readonly nowMillis: () => number
  /** Revision of the protocol: only `modern` can come back with what was missing. */
  readonly era: 'legacy' | 'modern'
}

export type AddTool = (server: McpServer, caller: Caller) => void
