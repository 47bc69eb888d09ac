/** Who plays which part, and in which organisation. The story is the same whoever plays it. */
import type { NodeId } from '../core/directory.ts'

export interface Person {
  readonly id: NodeId
  /** How they sign in at the sample's provider. */
  readonly login: string
}

export interface Cast {
  /** Asks, on call, in the middle of an incident. */
  readonly asker: Person & { readonly account: string }
  /** Shares the asker's team. */
  readonly mate: Person
  /** Administers the target. */
  readonly granting: Person
  /** Another team, the same rota. */
  readonly oncall: Person
  /** In the pool, and from the asker's side until a moment ago; absent where nobody moved. */
  readonly moved?: Person
  /** Watches while the access lasts. */
  readonly watcher: Person
  /** Prepares the break-glass envelope. */
  readonly sealer: Person
  /** On the rota; opens the envelope. */
  readonly opener: Person & { readonly account: string }
  /** Owns the service account, and asks for it. */
  readonly owner: Person
  readonly workload: { readonly id: NodeId; readonly account: string }
  /** Looks back. */
  readonly reviewer: Person
  readonly founders: readonly Person[]
  readonly rota: NodeId
}

const per = (login: string): Person => ({ id: `per_${login}`, login })

export const acme: Cast = {
  asker: { ...per('maria'), account: 'maria_p' },
  mate: per('tomas'),
  granting: per('bohdan'),
  oncall: per('diego'),
  moved: per('amadou'),
  watcher: per('miriam'),
  sealer: per('priya'),
  opener: { ...per('aiko'), account: 'aiko_p' },
  owner: per('wei'),
  workload: { id: 'wl_settlement-bot', account: 'settlement_bot' },
  reviewer: per('samuel'),
  founders: [per('folake'), per('pavel'), per('simone')],
  rota: 'rota_payments-primary',
}
