/** What somebody looks for in the directory; part of the address, so that it can be sent on. */
import type { NodeView } from '../../src/client/index.ts'

export type NodeKind = NodeView['kind']

export const kinds: Readonly<Record<NodeKind, { readonly one: string; readonly many: string }>> = {
  person: { one: 'person', many: 'People' },
  team: { one: 'team', many: 'Teams' },
  workload: { one: 'workload', many: 'Workloads' },
  system: { one: 'system', many: 'Systems' },
  rota: { one: 'rota', many: 'Rotas' },
  account: { one: 'account', many: 'Accounts' },
}

export interface Looking {
  readonly find?: string
  readonly kind?: NodeKind
}

export function looksForNodes({ find, kind }: Record<string, unknown>): Looking {
  const text = typeof find === 'number' ? String(find) : find
  return {
    ...(typeof text === 'string' && text !== '' ? { find: text } : {}),
    ...(typeof kind === 'string' && Object.hasOwn(kinds, kind) ? { kind: kind as NodeKind } : {}),
  }
}

export interface Two {
  readonly asker?: string
  readonly decider?: string
  readonly system?: string
}

const id = /^(?:per|wl|sys|team)_\S{1,190}$/

export function asksAboutTwo({ asker, decider, system }: Record<string, unknown>): Two {
  const known = (value: unknown): value is string => typeof value === 'string' && id.test(value)
  return {
    ...(known(asker) ? { asker } : {}),
    ...(known(decider) ? { decider } : {}),
    ...(known(system) ? { system } : {}),
  }
}
