/**
 * Whose account is this, and did somebody else say so? One account has one owner. Nobody confirms a link to themselves:
 * an unconfirmed link counts against its owner and never in favour.
 */
import type { NodeId, SourceSnapshot } from '../../core/directory.ts'
import type { DirectoryContent } from '../../files/directory.ts'
import type { AccountEntry } from '../../files/directory-schema.ts'
import type { Placed } from '../../files/merge.ts'
import { withPrefix } from '../../files/reference.ts'
import { didYouMean } from '../../lib/nearest.ts'
import type { Names } from './names.ts'

type Node = SourceSnapshot['nodes'][number]
type Relation = SourceSnapshot['relations'][number]

export class Accounts {
  private readonly content: DirectoryContent
  private readonly names: Names
  private readonly places = new Map<NodeId, () => string>()
  /** People listed for the whole file; each confirms everybody but themselves. */
  private readonly confirmers: readonly NodeId[]

  constructor(content: DirectoryContent, names: Names) {
    this.content = content
    this.names = names
    this.confirmers = content.accountsConfirmedBy === undefined ? [] : this.listed(content.accountsConfirmedBy)
  }

  /** @returns the account and its link to the owner, or `undefined` after reporting why there is none. */
  read(owner: NodeId, account: AccountEntry, at: (field: string) => string): readonly [Node, Relation] | undefined {
    const on = this.issuerOrSystem(account.on, () => at('on'))
    if (on === undefined) return undefined
    // The first colon ends the issuer, whose key has none; what follows is spelled so that nothing else reads the same.
    const id = `acc_${on}:${encodeURIComponent(account.login)}`
    const earlier = this.places.get(id)
    if (earlier !== undefined) {
      const message = `\`${account.login}\` on \`${account.on}\` already belongs to somebody at ${earlier()}`
      return this.names.report(at('login'), message)
    }
    this.places.set(id, () => at('login'))
    const confirmed = this.isConfirmed(owner, account, () => at('confirmedBy'))
    return [
      { id, kind: 'account', name: account.login, on, login: account.login },
      { from: id, relation: 'belongs-to', to: owner, confirmed },
    ]
  }

  private isConfirmed(owner: NodeId, account: AccountEntry, where: () => string): boolean {
    if (account.confirmedBy === undefined) return this.confirmers.some((confirmer) => confirmer !== owner)
    const confirmer = this.names.resolve(account.confirmedBy, ['per'], where)
    if (confirmer === owner) this.names.report(where(), 'nobody confirms an account of their own')
    return confirmer !== undefined
  }

  private listed({ value, at }: Placed<readonly string[]>): readonly NodeId[] {
    const found: NodeId[] = []
    for (const [index, name] of value.entries()) {
      const where = () => at([index])
      const id = this.names.resolve(name, ['per'], where)
      if (id === undefined) continue
      if (found.includes(id)) this.names.report(where(), `\`${name}\` is named twice; two different people confirm`)
      else found.push(id)
    }
    return found
  }

  private issuerOrSystem(name: string, where: () => string): string | undefined {
    if (this.content.issuers.has(name)) return name
    const system = withPrefix('sys', name)
    if (this.content.systems.has(system)) return system
    if (this.content.elsewhere.some(({ value }) => value === system)) return system
    const known = [...this.content.issuers.keys(), ...this.content.systems.keys()]
    return this.names.report(where(), `unknown issuer or system \`${name}\`${didYouMean(name, known)}`)
  }
}
