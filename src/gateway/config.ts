/**
 * What a gateway stands in front of: which system its tools belong to, whose calls it carries, and which tool means which
 * access. A tool that stands nowhere in it is not covered by anything.
 */
import { z } from 'zod'
import { readText } from '../files/folder.ts'
import { validate } from '../files/validate.ts'
import { parseYaml, type Read } from '../files/yaml.ts'

const name = z.string().min(1).max(300)

const rule = z.strictObject({
  resource: z
    .union([name, z.strictObject({ argument: name })])
    .describe('exact name of the resource, or the argument whose value is its name'),
  action: name.optional().describe('exact name of the action; the name of the tool when left out'),
})

export const gatewaySchema = z.strictObject({
  system: z.string().regex(/^sys_[^\s]+$/, { error: 'must be the id of a system, `sys_…`' }),
  subject: z.string().regex(/^(wl|per)_[^\s]+$/, { error: 'must be the id of whoever calls, `wl_…` or `per_…`' }),
  tools: z
    .record(name, z.union([z.literal('open'), rule]))
    .describe('tool → what it takes; `open` goes through without asking'),
})

export type GatewayConfig = z.output<typeof gatewaySchema>
export type ToolRule = z.output<typeof rule>

export async function readGatewayConfig(path: string): Promise<Read<GatewayConfig>> {
  const text = await readText(path)
  if ('problems' in text) return text
  const document = parseYaml(text.value)
  return 'problems' in document ? document : validate(document.value, gatewaySchema)
}
