/**
 * What cloud accounts and access levels mean for who is who. The mapping is written in `docs/directory.md`. Every
 * environment is a system of its own; a group's level there is standing access; whoever holds a level that can give access
 * to others stands on the granting side of it.
 */
import type { NodeId, SystemId } from '../../core/directory.ts'
import type { Path } from '../../files/yaml.ts'
import { slug } from '../../lib/slug.ts'
import { FactsDraft } from '../facts-draft.ts'
import { accountId, githubIssuer, personId, teamId } from '../github-names.ts'
import type { Applications, Placed } from './content.ts'
import type { Environment } from './schema.ts'

export interface FactsOptions {
  /** Accounts are `sys_<namespace>.<application>.<environment>`. */
  readonly namespace: string
  /** Groups are `team_<groupsOf>.<group>`; a GitHub organisation's name makes them its teams. Default: `namespace`. */
  readonly groupsOf?: string
  /** Put before logins in ids; the same as of the GitHub source whose people these are. */
  readonly idPrefix: string
  /** Levels that let one give access to others. Default: those whose name ends in `admin` or `administrator`. */
  readonly administratorLevels?: readonly string[]
  /** People and teams, as ids, who approve these files and so give all of this access. */
  readonly grantedBy: readonly NodeId[]
}

/** What a pipeline that may assume the role of its application holds. */
export const pipelineEntitlement = 'pipeline'

export function draftOf({ applications }: Applications, options: FactsOptions): FactsDraft {
  const writer = new Writer(options)
  for (const application of applications) writer.application(application)
  return writer.draft
}

class Writer {
  readonly draft = new FactsDraft()
  private readonly options: FactsOptions

  constructor(options: FactsOptions) {
    this.options = options
  }

  application(application: Placed): void {
    const owner = this.owner(application)
    const codeowners = application.codeowners.map((name) => this.group(application, name, ['codeowners']))
    const operators = application.components.flatMap(({ sso_group_name: name }, index) =>
      name === undefined ? [] : [this.group(application, name, ['components', index, 'sso_group_name'])],
    )
    const pipelines = application['github-oidc-team-repositories'].map((name) => this.pipeline(application, name))
    for (const [index, environment] of application.environments.entries()) {
      const path = ['environments', index]
      const system = this.system(application, environment, path)
      if (system === undefined) continue
      for (const team of [owner, ...codeowners]) this.draft.relate(team, 'owns', system)
      for (const team of operators) this.draft.relate(team, 'operates', system)
      for (const pipeline of pipelines) this.draft.holds(pipeline, system, pipelineEntitlement)
      for (const granting of this.options.grantedBy) this.draft.relate(granting, 'administers', system)
      this.environment(application, environment, system, path)
    }
  }

  private environment(application: Placed, environment: Environment, system: SystemId, path: Path): void {
    for (const [index, row] of environment.access.entries()) {
      const team = this.group(application, row.sso_group_name, [...path, 'access', index, 'sso_group_name'])
      this.draft.holds(team, system, row.level)
      if (this.administers(row.level)) this.draft.relate(team, 'administers', system)
      // Whoever lets deployments through decides what runs there.
      if (row.github_action_reviewer) this.draft.relate(team, 'operates', system)
    }
    for (const [index, login] of environment.additional_reviewers.entries()) {
      const person = this.person(login, () => application.at([...path, 'additional_reviewers', index]))
      this.draft.relate(person, 'operates', system)
    }
  }

  private system(application: Placed, environment: Environment, path: Path): SystemId | undefined {
    const where = () => application.at([...path, 'name'])
    const id = `sys_${this.options.namespace}.${application.key}.${environment.name}`
    if (environment.name.includes('.')) return this.draft.report(where(), 'the name of an environment has no dot')
    if (this.draft.has(id)) return this.draft.report(where(), `\`${environment.name}\` is there already`)
    return this.draft.describe({ id, kind: 'system', name: `${application.key} ${environment.name}` }, where)
  }

  /** Sign-on names groups whatever their letter case; two spellings would be one group there and are refused here. */
  private group(application: Placed, name: string, path: Path): NodeId {
    const where = () => application.at(path)
    const { groupsOf = this.options.namespace } = this.options
    const id = this.draft.idFor(teamId(groupsOf, name), name, where)
    return this.draft.describe({ id, kind: 'team', name }, where)
  }

  /** Whom the tag names, within the business unit; known by the address where there is one. */
  private owner(application: Placed): NodeId {
    const { owner, 'business-unit': unit } = application.tags
    const where = (tag: string) => () => application.at(['tags', tag])
    const [key, name] = ownerIn(owner)
    const id = this.draft.describe({ id: this.own('owner', key), kind: 'team', name }, where('owner'))
    const unitId = this.own('unit', slug(unit))
    this.draft.idFor(unitId, unit, where('business-unit'))
    this.draft.describe({ id: unitId, kind: 'team', name: `Business unit ${unit}` }, where('business-unit'))
    this.draft.relate(id, 'part-of', unitId)
    return id
  }

  /** No namespace has an underscore, so these are nobody else's. */
  private own(what: 'owner' | 'unit', key: string): NodeId {
    return `team_${this.options.namespace}_${what}.${key}`
  }

  private pipeline(application: Placed, repository: string): NodeId {
    const id = `wl_github.${repository.toLowerCase().replace('/', '.')}`
    const where = () => application.at(['github-oidc-team-repositories'])
    return this.draft.describe(
      { id, kind: 'workload', name: `pipelines of ${repository}`, workloadKind: 'pipeline' },
      where,
    )
  }

  private person(login: string, where: () => string): NodeId {
    const id = personId(login, this.options.idPrefix)
    this.draft.describe({ id, kind: 'person', name: login }, where)
    const account = accountId(login)
    this.draft.describe({ id: account, kind: 'account', name: login, on: githubIssuer, login }, where)
    this.draft.relate(account, 'belongs-to', id, { confirmed: true })
    return id
  }

  private administers(level: string): boolean {
    return this.options.administratorLevels?.includes(level) ?? /(?:^|-)admin(?:istrator)?$/.test(level)
  }
}

/** `Team: team@example.org`, an address alone, or a name alone. An address tells more than how somebody wrote the name. */
function ownerIn(text: string): readonly [key: string, name: string] {
  const address = /[^\s:]+@[^\s:]+/.exec(text)?.[0]
  const name = text.split(':')[0]?.trim() ?? text
  return address === undefined ? [slug(text), name] : [slug(address.toLowerCase().replace('@', '.at.')), name]
}
