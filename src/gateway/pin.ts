/**
 * What a tool says of itself, as one digest. Terms can name a tool with its digest; a tool whose description, schema or
 * hints changed is another tool, however it is called.
 */
import { digestOf } from '../lib/digest.ts'

export interface DescribedTool {
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly inputSchema: unknown
  readonly outputSchema?: unknown
  readonly annotations?: unknown
}

export function toolDigest({
  name,
  title,
  description,
  inputSchema,
  outputSchema,
  annotations,
}: DescribedTool): string {
  const said = { name, title, description, inputSchema, outputSchema, annotations }
  // What was left out and what is undefined say the same.
  const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
  return digestOf({ countersign: 'mcp-tool/v1', tool: known })
}
