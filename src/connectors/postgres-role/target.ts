/**
 * What shape has this entitlement on a PostgreSQL? Reads the `target` of an entitlement, and what a spec asks of it.
 * It refuses what the shape cannot give exactly, so that nothing wider is ever given instead.
 */
import { z } from 'zod'
import type { GrantSpec } from '../access.ts'
import { fitName, rolePrefix, UnfitSpec } from './name.ts'
import { parseAction, parseResource, type Resource } from './resource.ts'

const roleName = z.string().min(1)

export const targetSchema = z.discriminatedUnion('shape', [
  z.strictObject({
    /** The grant's role gets exactly the asked actions on the asked resources. */
    shape: z.literal('grant-role'),
    /** A ceiling: a role that must itself hold whatever is asked for. */
    role: roleName.optional(),
  }),
  z.strictObject({
    /** The grant's role becomes a member of `role`. Resources must be `[role]`, actions `["member"]`. */
    shape: z.literal('membership'),
    role: roleName,
    /** Whether sessions may `SET ROLE` to it, and so own what they make. PostgreSQL 15 cannot forbid it. */
    setRole: z.boolean().default(false),
  }),
])

/** What is asked for, checked and ready to be sent as data. */
export interface Asked {
  /** Role the grant's role shall be a member of. */
  readonly member: string | null
  readonly setRole: boolean
  /** Role that must hold every privilege asked for. */
  readonly ceiling: string | null
  readonly resources: readonly Resource[]
  readonly actions: readonly string[]
}

/** A target without a shape is a `grant-role`. @throws {UnfitSpec} saying what does not fit. */
export function readTarget(spec: Pick<GrantSpec, 'target' | 'resources' | 'actions'>): Asked {
  const parsed = targetSchema.safeParse({ shape: 'grant-role', ...spec.target })
  if (!parsed.success) throw new UnfitSpec(`the entitlement's target does not fit: ${z.prettifyError(parsed.error)}`)
  const { data } = parsed
  switch (data.shape) {
    case 'grant-role':
      return privileges(spec, data.role === undefined ? null : offeredRole(data.role))
    case 'membership':
      return membership(spec, offeredRole(data.role), data.setRole)
    default:
      return data satisfies never
  }
}

function offeredRole(name: string): string {
  if (name.startsWith(rolePrefix)) throw new UnfitSpec(`\`${name}\` is a role of one grant and cannot be offered`)
  return fitName(name, 'role of the target')
}

function privileges({ resources, actions }: Pick<GrantSpec, 'resources' | 'actions'>, ceiling: string | null): Asked {
  if (resources.length === 0 || actions.length === 0)
    throw new UnfitSpec('at least one resource and one action is needed')
  const parsed = resources.map(parseResource)
  return { member: null, setRole: false, ceiling, resources: parsed, actions: actions.map(parseAction) }
}

// A membership cannot be narrowed: whoever asks for less than the role would be given more than was approved.
function membership(
  { resources, actions }: Pick<GrantSpec, 'resources' | 'actions'>,
  role: string,
  setRole: boolean,
): Asked {
  if (resources.length !== 1 || resources[0] !== role || actions.length !== 1 || actions[0] !== 'member') {
    throw new UnfitSpec(`a membership cannot be narrowed: resources must be [\`${role}\`] and actions [\`member\`]`)
  }
  return { member: role, setRole, ceiling: null, resources: [], actions: [] }
}
