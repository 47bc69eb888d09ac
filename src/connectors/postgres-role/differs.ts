/**
 * In which ways is what the target holds not what the spec says? One sentence each: wider, narrower, moved expiry, other
 * people inside, and access of the account that does not come from the grant. Says nothing about what was removed.
 */
import type { Membership, Seen } from './observe.ts'
import { generationIn, type WireSpec } from './wire.ts'

export function differences(seen: Seen, wire: WireSpec, present: boolean): readonly string[] {
  const strangers = seen.strangers
    .filter(({ known }) => !known)
    .map(({ name }) => `a role \`${name}\` exists that Countersign did not make`)
  if (!present) return strangers
  return [
    ...strangers,
    ...(wire.unreadable === null ? [] : [`the entitlement can no longer be read: ${wire.unreadable}`]),
    ...roleDiffers(seen, wire),
    ...memberDiffers(seen, wire),
    ...withinDiffers(seen, wire),
    ...privilegeDiffers(seen),
    ...accountDiffers(seen, wire),
  ]
}

function roleDiffers({ role: [role] }: Seen, wire: WireSpec): readonly string[] {
  if (role === undefined) return []
  const generation = generationIn(role.mark ?? '')
  return [
    ...when(role.name !== wire.role, `the role of the grant is now called \`${role.name}\``),
    ...when(
      role.until !== wire.until,
      `the role's expiry is \`${role.until ?? 'never'}\` instead of \`${wire.until}\``,
    ),
    ...when(role.powerful, 'the role has attributes it was not given (superuser, create role, …)'),
    ...when(role.login, 'the role can log in by itself'),
    ...markDiffers(generation, role.mark, wire),
  ]
}

function markDiffers(generation: number | undefined, mark: string | null, wire: WireSpec): readonly string[] {
  if (generation === undefined) return ['the role lost its mark']
  if (generation !== wire.generation) return [`the role is of generation ${generation} instead of ${wire.generation}`]
  return when(mark !== wire.mark, 'the mark on the role speaks of other terms')
}

function memberDiffers({ members, modern }: Seen, wire: WireSpec): readonly string[] {
  const own = members.filter(({ name }) => name === wire.account)
  const others = members.filter(({ name, maker }) => name !== wire.account && !maker)
  return [
    ...when(!own.some(({ usable }) => usable), `the account \`${wire.account}\` is not in the role`),
    ...when(
      own.some(({ admin }) => admin),
      `the account \`${wire.account}\` may pass the role on`,
    ),
    ...when(modern && !wire.setRole && own.some(({ set }) => set), 'the account may SET ROLE, which was not given'),
    ...others.map(({ name }) => `\`${name}\` is in the role of the grant too`),
  ]
}

function withinDiffers({ within, modern }: Seen, wire: WireSpec): readonly string[] {
  const due = within.filter(({ name, usable }) => name === wire.member && usable)
  return [
    ...when(wire.member !== null && due.length === 0, `the role is not a member of \`${wire.member}\``),
    ...when(
      due.some(({ admin }) => admin),
      `the role may pass \`${wire.member}\` on`,
    ),
    ...when(modern && !wire.setRole && due.some(({ set }) => set), 'the role may SET ROLE, which was not given'),
    ...within
      .filter((membership) => isUnasked(membership, wire))
      .map(({ name }) => `the role is a member of \`${name}\` too`),
  ]
}

function isUnasked({ name }: Membership, wire: WireSpec): boolean {
  return name !== wire.member
}

function privilegeDiffers({ holds, due, missing }: Seen): readonly string[] {
  const isDue = (resource: string | null, action: string) =>
    due.some((one) => one.resource === resource && one.action === action)
  const isHeld = (resource: string, action: string) =>
    holds.some((one) => one.resource === resource && one.action === action)
  return [
    ...missing.map((resource) => `the resource \`${resource}\` does not exist any more`),
    ...holds
      .filter(({ resource, action, implied }) => !implied && !isDue(resource, action))
      .map(({ action, object }) => `the role holds ${action} on ${object}, which was not given`),
    ...holds
      .filter(({ grantable }) => grantable)
      .map(({ action, object }) => `the role may pass on ${action} on ${object}`),
    ...due
      .filter(({ resource, action }) => !isHeld(resource, action))
      .map(({ resource, action }) => `the role does not hold ${action} on \`${resource}\``),
  ]
}

function accountDiffers({ account: [account], standing }: Seen, wire: WireSpec): readonly string[] {
  return [
    ...when(account?.super === true, `the account \`${wire.account}\` is a superuser now`),
    ...standing.map(({ holds }) => `the account has this without the grant too: ${holds}`),
  ]
}

function when(holds: boolean, sentence: string): readonly string[] {
  return holds ? [sentence] : []
}
