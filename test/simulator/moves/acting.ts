/** Somebody does something to a waiver: mostly what comes next by somebody who might, sometimes anything by anybody. */
import type { Terms } from '../../../src/core/terms.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { type Command, type CommandType, isOpen, type Waiver } from '../../../src/core/waiver.ts'
import type { Order } from '../../../src/engine/handle.ts'
import type { Dice } from '../dice.ts'
import { signedIn } from '../installation.ts'
import type { Planned } from '../moves.ts'
import { deciders, people } from '../organisation.ts'
import { order, type World } from '../world.ts'
import { asking } from './asking.ts'

/** What people may try; what only the system does is not theirs to try, except when anything goes. */
const anything: readonly CommandType[] = [
  'endorse',
  'countersign',
  'deny',
  'ask-back',
  'answer',
  'withdraw',
  'activate',
  'confirm-activation',
  'use',
  'request-extension',
  'evidence',
  'suspend',
  'request-resumption',
  'revoke',
  'report-removal',
  'review',
  'review-event',
  'tick',
]

export function acting(world: World, dice: Dice, step: number): Planned {
  const act = anAct(world, dice)
  if (act === undefined) return asking(world, dice, step)
  return { says: act.says, run: async (node) => void (await order(world, node, act.order)) }
}

/** @returns undefined while there is no waiver. */
export function anAct(world: World, dice: Dice): { readonly says: string; readonly order: Order } | undefined {
  const waiver = someWaiver(world, dice)
  if (waiver === undefined) return undefined
  const [actor, type] = dice.chance(0.92)
    ? next(waiver, world.now, dice)
    : ([dice.one(people), dice.one(anything)] as const)
  const command = commandOf(type, waiver, world, dice)
  const narrowed = command.type === 'countersign' && command.narrowed !== undefined ? ', narrowed' : ''
  return {
    says: `${actor} ${type} ${world.record.nameOf(waiver.id)}${narrowed}`,
    order: { waiver: waiver.id, command, actor: signedIn(actor, world.now) },
  }
}

/** Mostly one that is still open, and that somebody has not forgotten; sometimes one that waits for its review. */
function someWaiver({ record, now }: World, dice: Dice): Waiver | undefined {
  const all = [...record.lives.values()].flatMap(({ waiver }) => (waiver === undefined ? [] : [waiver]))
  const open = all.filter((waiver) => isOpen(waiver) && (!waits(waiver, now) || dice.chance(0.2)))
  const over = all.filter(({ status, review }) => status === 'ended' && review !== undefined)
  if (dice.chance(0.05) && all.length > 0) return dice.one(all)
  if (over.length > 0 && dice.chance(0.15)) return dice.one(over)
  return open.length === 0 ? undefined : dice.one(open.slice(-3))
}

/** Decided, and its window has not begun; or too late to decide, and only the sweep has something to say. */
function waits({ status, activation, terms, proposal }: Waiver, now: string): boolean {
  if (proposal !== undefined) return now >= proposal.decideBy
  return status === 'countersigned' && activation === undefined && now < terms.window.start
}

type Act = readonly [actor: string, type: CommandType]

/** What somebody in this organisation would do next. */
function next(waiver: Waiver, now: string, dice: Dice): Act {
  const decidable = waiver.proposal !== undefined && (now < waiver.proposal.decideBy || dice.chance(0.5))
  if (decidable && dice.chance(0.98)) return deciding(waiver, dice)
  const asker = waiver.requester
  switch (waiver.status) {
    case 'requested':
    case 'endorsed':
      return [asker, 'withdraw']
    case 'countersigned':
      return waiver.activation === undefined ? starting(waiver, dice) : running(waiver, dice)
    case 'active':
      return running(waiver, dice)
    case 'suspended':
      return dice.weighted([
        [6, [asker, 'request-resumption']],
        [1, ['per_wes', 'revoke']],
        [1, ['per_lee', 'evidence']],
      ])
    case 'ended':
    case 'reviewed':
      return dice.weighted([
        [6, [dice.one(['per_rae', 'per_kim', 'per_sam']), 'review']],
        [4, [dice.one(['per_rae', 'per_kim', 'per_sue']), 'review-event']],
      ])
    default:
      return waiver.status satisfies never
  }
}

function deciding({ proposal, obligations, requester, terms }: Waiver, dice: Dice): Act {
  const asked = proposal?.questions.some(({ answer }) => answer === undefined) ?? false
  const owner = terms.access.system === 'sys_vault' ? 'per_vic' : 'per_otto'
  if (obligations.steps.includes('endorse') && proposal?.endorsement === undefined && dice.chance(0.85))
    return [owner, 'endorse']
  return dice.weighted<Act>([
    [14, [dice.chance(0.75) ? dice.one(['per_sam', 'per_sue', 'per_sid']) : dice.one(deciders), 'countersign']],
    [1.5, [dice.one(deciders), 'deny']],
    [1, [dice.one(deciders), 'ask-back']],
    [asked ? 4 : 0.1, [requester, 'answer']],
    [0.5, [requester, 'withdraw']],
  ])
}

function starting(waiver: Waiver, dice: Dice): Act {
  const signer = waiver.approvals[0]?.by ?? 'per_sam'
  const opener = waiver.terms.kind === 'break-glass' ? dice.one(['per_olga', 'per_ann']) : waiver.requester
  return dice.weighted<Act>([
    [10, [opener, 'activate']],
    [1, [signer, 'activate']],
    [1, [waiver.requester, 'withdraw']],
    [1, [signer, 'revoke']],
  ])
}

function running(waiver: Waiver, dice: Dice): Act {
  const { requester, terms, activation, controls } = waiver
  const confirmed = activation?.confirmedAt !== undefined
  const extendable = confirmed && terms.kind !== 'break-glass' && waiver.proposal === undefined
  const user = terms.kind === 'break-glass' ? (activation?.by ?? requester) : terms.beneficiary
  return dice.weighted<Act>([
    [confirmed ? 4 : 0.5, [user, 'use']],
    [extendable ? 7 : 0.3, [requester, 'request-extension']],
    [2, [dice.one(['per_wes', 'per_otto', 'per_vic']), 'suspend']],
    [controls.length > 0 ? 3 : 0.2, [dice.one(['per_lee', 'per_lee', requester]), 'evidence']],
    [2, [dice.one([requester, 'per_wes', 'per_otto', 'per_sam']), 'revoke']],
    [1, ['per_rae', 'review-event']],
  ])
}

function commandOf(type: CommandType, waiver: Waiver, world: World, dice: Dice): Command {
  const digest = dice.chance(0.95) ? (waiver.proposal?.digest ?? '') : waiver.digest
  switch (type) {
    case 'request':
      return { type, terms: waiver.terms }
    case 'endorse':
      return { type, digest }
    case 'countersign': {
      const acknowledges = dice.chance(0.9) ? waiver.denialsBefore.map((denial) => denial.waiver) : []
      const proposed = waiver.proposal?.terms
      const other = proposed !== undefined && dice.chance(0.25) ? changed(proposed, dice) : undefined
      return { type, digest, acknowledges, ...(other === undefined ? {} : { narrowed: other }) }
    }
    case 'deny':
      return { type, digest, reason: 'use the batch tool' }
    case 'ask-back':
    case 'answer':
      return { type, text: 'why now?' }
    case 'withdraw':
    case 'suspend':
    case 'request-resumption':
    case 'revoke':
      return { type, reason: 'because' }
    case 'activate':
    case 'confirm-activation':
    case 'recheck':
    case 'tick':
      return { type }
    case 'use':
      return { type, detail: 'select' }
    case 'request-extension': {
      const end = waiver.activation?.end ?? world.now
      return { type, end: plusSeconds(end, 60 * dice.one([10, 30, 60, 120, -10])), reason: 'not done yet' }
    }
    case 'evidence':
      return { type, control: 'peer-watch', text: 'watched the screen' }
    case 'record-uses':
      return { type, process: 'one', uses: 1, bytes: 0, lines: [] }
    case 'report-removal':
      return { type, verified: true, residue: [], reason: '' }
    case 'review':
      return { type, finding: dice.one(['justified', 'not-justified']), note: 'looked at', residueAccepted: [] }
    case 'review-event':
      return {
        type,
        event: waiver.records.length === 0 ? 'evt_none' : dice.one(waiver.records).event,
        finding: 'justified',
        note: 'looked at',
      }
    default:
      return type satisfies never
  }
}

/** Mostly narrower; now and then wider, which must be refused. */
function changed(terms: Terms, dice: Dice): Terms {
  const { access, window } = terms
  return dice.weighted<Terms>([
    [3, { ...terms, access: { ...access, resources: access.resources.slice(0, 1) } }],
    [3, { ...terms, access: { ...access, actions: access.actions.slice(0, 1) } }],
    [3, { ...terms, window: { ...window, end: plusSeconds(window.end, -300) } }],
    [2, { ...terms, conditions: { ...terms.conditions, usesMax: 1 } }],
    [1, { ...terms, window: { ...window, end: plusSeconds(window.end, 300) } }],
    [1, { ...terms, beneficiary: 'per_olga' }],
  ])
}
