/**
 * What a call of a tool means as access: pure, and closed. Whatever cannot be read as exactly one access of one resource is
 * asked about as nothing anybody could have approved.
 */
import type { GatewayConfig } from './config.ts'

export interface Call {
  readonly tool: string
  /** Digest of the tool's description and schema as they are now. */
  readonly digest: string
  readonly arguments: Readonly<Record<string, unknown>>
}

export type AccessQuestion = {
  readonly subject: { readonly type: string; readonly id: string }
  readonly action: { readonly name: string }
  readonly resource: { readonly type: string; readonly id: string }
  readonly context: Readonly<Record<string, unknown>>
}

/** @returns the question to ask; `open` for a tool that needs none; why it cannot be asked otherwise. */
export function questionFor(
  call: Call,
  { system, subject, tools }: GatewayConfig,
): AccessQuestion | 'open' | NotCovered {
  // A tool may be called `constructor`: what every object inherits is no rule.
  const rule = Object.hasOwn(tools, call.tool) ? tools[call.tool] : undefined
  if (rule === undefined) return { notCovered: 'no rule of this gateway names this tool' }
  if (rule === 'open') return 'open'
  const resource = resourceOf(rule.resource, call.arguments)
  if (resource === undefined) return { notCovered: `the argument that names the resource is missing or is no name` }
  return {
    subject: { type: subject.startsWith('per_') ? 'person' : 'workload', id: subject },
    action: { name: rule.action ?? call.tool },
    resource: { type: system, id: resource },
    context: { purpose: 'use', tool: { name: call.tool, digest: call.digest }, arguments: call.arguments },
  }
}

export interface NotCovered {
  readonly notCovered: string
}

function resourceOf(
  named: string | { readonly argument: string },
  given: Readonly<Record<string, unknown>>,
): string | undefined {
  if (typeof named === 'string') return named
  const value = Object.hasOwn(given, named.argument) ? given[named.argument] : undefined
  return typeof value === 'string' && value !== '' && value.length <= 1_000 ? value : undefined
}
