/**
 * Ids for what GitHub names. On github.com a login is one account everywhere, whatever its letter case; team names are
 * unique in an organisation; so an id is made of exactly that, and two different things never share one.
 */
import type { NodeId } from '../core/directory.ts'
import { slug } from '../lib/slug.ts'

/** Accounts of people and machines live here; sign-in by GitHub is mapped to the same key. */
export const githubIssuer = 'github.com'

const machineName = /(?:^|-)(?:bot|robot)$/i

export function personId(login: string, prefix: string): NodeId {
  return `per_${prefix}${login.toLowerCase()}`
}

export function workloadId(login: string, prefix: string): NodeId {
  return `wl_${prefix}${login.toLowerCase()}`
}

export function accountId(login: string): NodeId {
  return `acc_${githubIssuer}:${login.toLowerCase()}`
}

/** GitHub's own form of a team's name in addresses. No organisation's name contains a dot, so `kubernetes.sig-node` can be read in one way only. */
export function teamId(organisation: string, name: string): NodeId {
  return `team_${organisation.toLowerCase()}.${slug(name)}`
}

export function organisationSystemId(organisation: string): NodeId {
  return `sys_github-${organisation.toLowerCase()}`
}

export function repositorySystemId(organisation: string, repository: string): NodeId {
  return `sys_github-${organisation.toLowerCase()}.${repository.toLowerCase()}`
}

/** The organisation under which groups of `sigs.yaml` are teams. */
export const groupsOrganisation = 'sigs'

/** @returns whether a login is that of a machine by GitHub's custom of naming them. */
export function looksLikeMachine(login: string): boolean {
  return machineName.test(login)
}
