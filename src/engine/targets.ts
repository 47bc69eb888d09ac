/**
 * Which connector reaches a system, and what an entitlement is to it. Settings come from the policy in force; a grant
 * that an older policy gave is still taken back when today's no longer knows its system.
 */
import type {
  AccessConnector,
  AccessConnectorKind,
  GrantSpec,
  Inventory,
  Nature,
  Outcome,
  SecretReader,
} from '../connectors/access.ts'
import type { SystemId } from '../core/directory.ts'
import type { WantedGrant } from '../core/plan.ts'
import { type Connector, entitlementOf, entryOf, type Policy } from '../core/policy.ts'
import type { Access, Digest } from '../core/terms.ts'
import { canonicalJson, digestOf } from '../lib/digest.ts'

export interface Targets {
  /** @returns what the entitlement contains now, or why the target does not say. */
  contents(access: Access, policy: Policy): Promise<Contents | Silence>
  /** @throws {TargetFault} when no policy handed in knows the system. */
  reach(
    grant: WantedGrant,
    policies: readonly Policy[],
  ): { readonly connector: AccessConnector; readonly spec: GrantSpec }
  /** Who can use what the policy governs on a system. @throws {TargetFault} when the policy does not know it */
  inventory(system: SystemId, policy: Policy): Promise<Outcome<Inventory>>
  /** What the connector of a system knows about its own limits; undefined when none reaches it. */
  natureOf(system: string, policy: Policy): Nature | undefined
  close(): Promise<void>
}

export interface Contents {
  readonly digest: Digest
  readonly summary: readonly string[]
}

export interface Silence {
  readonly silence: string
}

export class TargetFault extends Error {
  override readonly name = 'TargetFault'
}

export function targetsOf(kinds: readonly AccessConnectorKind[], secrets: SecretReader): Targets {
  const open = new Map<string, AccessConnector>()

  const connectorFor = (connector: Connector): AccessConnector => {
    const key = canonicalJson([connector.kind, connector.settings])
    const known = open.get(key)
    if (known !== undefined) return known
    const kind = kinds.find((one) => one.kind === connector.kind)
    if (kind === undefined)
      throw new TargetFault(`connector \`${connector.id}\` is of the unknown kind \`${connector.kind}\``)
    const made = kind.create(connector.settings, secrets)
    open.set(key, made)
    return made
  }

  const connectorNamed = (system: string, policies: readonly Policy[]): Connector => {
    for (const policy of policies) {
      const rule = entryOf(policy.systems, system)
      const connector = rule === undefined ? undefined : entryOf(policy.connectors, rule.connector)
      if (connector !== undefined) return connector
    }
    throw new TargetFault(`no policy names a connector for \`${system}\``)
  }
  const connectorOf = (system: string, policies: readonly Policy[]) => connectorFor(connectorNamed(system, policies))

  return {
    async contents(access, policy) {
      const entitlement = entitlementOf(policy, access)
      if (entitlement === undefined) return { silence: 'the policy knows no such entitlement' }
      const { target, resources, actions } = entitlement
      const described = await connectorOf(access.system, [policy]).describe({ target, resources, actions })
      if (described.outcome !== 'done') return { silence: described.reason }
      // What the policy says it grants is part of what it contains.
      const { contains, summary } = described.value
      const connector = connectorNamed(access.system, [policy])
      const { kind, settings } = connector
      return { digest: digestOf({ contains, target, resources, actions, connector: { kind, settings } }), summary }
    },
    reach(grant, policies) {
      const entitlement = policies.map((policy) => entitlementOf(policy, grant)).find((one) => one !== undefined)
      if (entitlement === undefined)
        throw new TargetFault(`no policy knows \`${grant.entitlement}\` on \`${grant.system}\``)
      const { grant: id, generation, account, resources, actions, until } = grant
      return {
        connector: connectorOf(grant.system, policies),
        spec: { grant: id, generation, account, target: entitlement.target, resources, actions, until },
      }
    },
    async inventory(system, policy) {
      const connector = connectorOf(system, [policy])
      const entitlements = Object.values(entryOf(policy.systems, system)?.entitlements ?? {})
      return connector.inventory(
        entitlements.map(({ id, target, resources, actions }) => ({ entitlement: id, target, resources, actions })),
      )
    },
    natureOf(system, policy) {
      try {
        return connectorOf(system, [policy]).nature
      } catch (error) {
        if (error instanceof TargetFault) return undefined
        throw error
      }
    },
    async close() {
      await Promise.all([...open.values()].map((connector) => connector.close()))
      open.clear()
    },
  }
}
