/** The stories in which processes die: the main life, more time and resumption, an envelope, and changed rules. */

import type { Change } from '../../src/core/change.ts'
import type { Terms } from '../../src/core/terms.ts'
import { plusSeconds } from '../../src/core/time.ts'
import type { Command } from '../../src/core/waiver.ts'
import { handleChange, proposeRules } from '../../src/engine/rules.ts'
import { signedIn } from '../simulator/installation.ts'
import { rulesOf } from '../simulator/organisation.ts'
import { readDirectory, type World } from '../simulator/world.ts'
import { type Act, after, does, refused, settle, together } from './story.ts'

const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT30M' }]

function asks(name: string, actor: string, parts: (now: string) => Partial<Terms> & Pick<Terms, 'access'>): Act {
  return does(actor, name, (_, { now }) => ({
    type: 'request',
    terms: {
      kind: 'access-override',
      beneficiary: actor,
      window: { start: now, end: plusSeconds(now, 2 * 3_600) },
      reason: 'batch 7 was posted twice',
      controls: [],
      conditions: {},
      contains: '',
      ...parts(now),
    },
  }))
}

const onLedger = (entitlement: string, account: string | undefined): Terms['access'] => ({
  system: 'sys_ledger',
  entitlement,
  ...(account === undefined ? {} : { account }),
  resources: ['accounts', 'entries'],
  actions: ['select', 'update'],
})

const onVault = (account: string): Terms['access'] => ({
  system: 'sys_vault',
  entitlement: 'open',
  account,
  resources: ['entries'],
  actions: ['select'],
})

const signs = (actor: string, name: string, narrowed?: (terms: Terms) => Terms): Act =>
  does(actor, name, ({ proposal }): Command => {
    if (proposal === undefined) throw new Error('nothing to sign')
    const { digest, terms } = proposal
    return {
      type: 'countersign',
      digest,
      acknowledges: [],
      ...(narrowed === undefined ? {} : { narrowed: narrowed(terms) }),
    }
  })

const plainly = (actor: string, name: string, command: Command): Act => does(actor, name, () => command)

const reviews = (actor: string, name: string): Act =>
  plainly(actor, name, { type: 'review', finding: 'justified', note: 'as agreed', residueAccepted: [] })

const opensSession = (system: string): Act => ({
  says: `whoever has access on ${system} opens a session`,
  async run({ world }) {
    const truth = world.targets.systems.get(system)
    for (const { grant, account } of truth?.grants.values() ?? [])
      truth?.sessions.set(`session of ${account}`, { grant, account })
  },
})

/** A proposal once signed is not put forward again: the story goes on with what was put forward. */
const mainLife: readonly Act[] = [
  asks('the repair', 'per_ann', () => ({ access: onLedger('admin', 'ann_db'), controls })),
  does('per_otto', 'the repair', ({ proposal }) => ({ type: 'endorse', digest: proposal?.digest ?? '' })),
  plainly('per_sam', 'the repair', { type: 'ask-back', text: 'why both?' }),
  plainly('per_ann', 'the repair', { type: 'answer', text: 'one would do' }),
  signs('per_sam', 'the repair', (terms) => ({ ...terms, access: { ...terms.access, resources: ['entries'] } })),
  plainly('per_ann', 'the repair', { type: 'activate' }),
  settle,
  opensSession('sys_ledger'),
  plainly('per_ann', 'the repair', { type: 'use', detail: 'update entries' }),
  plainly('per_lee', 'the repair', { type: 'evidence', control: 'peer-watch', text: 'sat beside her' }),
  after(2 * 3_600),
  settle,
  reviews('per_rae', 'the repair'),
  does('per_kim', 'the repair', ({ records }) => ({
    type: 'review-event',
    event: records[0]?.event ?? '',
    finding: 'justified',
    note: 'fine',
  })),
]

const moreTime: readonly Act[] = [
  asks('the closing', 'per_olga', () => ({ access: onLedger('write', 'olga_db') })),
  signs('per_sam', 'the closing'),
  plainly('per_olga', 'the closing', { type: 'activate' }),
  settle,
  does('per_olga', 'the closing', ({ activation }) => ({
    type: 'request-extension',
    end: plusSeconds(activation?.end ?? '', 3_600),
    reason: 'it takes longer',
  })),
  signs('per_sue', 'the closing'),
  settle,
  plainly('per_wes', 'the closing', { type: 'suspend', reason: 'odd queries' }),
  settle,
  plainly('per_olga', 'the closing', { type: 'request-resumption', reason: 'explained' }),
  signs('per_sid', 'the closing'),
  settle,
  opensSession('sys_ledger'),
  plainly('per_otto', 'the closing', { type: 'revoke', reason: 'done' }),
  settle,
  reviews('per_kim', 'the closing'),
]

const envelope: readonly Act[] = [
  asks('the envelope', 'per_carl', (now) => ({
    kind: 'break-glass',
    beneficiary: 'rota_payments',
    access: onLedger('write', undefined),
    openFor: 'PT30M',
    window: { start: now, end: plusSeconds(now, 10 * 86_400) },
  })),
  signs('per_sue', 'the envelope'),
  after(86_400),
  plainly('per_olga', 'the envelope', { type: 'activate' }),
  settle,
  opensSession('sys_ledger'),
  plainly('per_olga', 'the envelope', { type: 'use', detail: 'update entries' }),
  after(1_800),
  settle,
  reviews('per_rae', 'the envelope'),
]

/** Whoever countersigned the envelope comes to administer its target: it is void from that moment. */
const envelopeOverVault: readonly Act[] = [
  asks('the sealed vault', 'per_carl', (now) => ({
    kind: 'break-glass',
    beneficiary: 'rota_payments',
    access: { system: 'sys_vault', entitlement: 'open', resources: ['entries'], actions: ['select'] },
    openFor: 'PT30M',
    window: { start: now, end: plusSeconds(now, 10 * 86_400) },
  })),
  signs('per_sid', 'the sealed vault'),
]

const changedRules: readonly Act[] = [
  ...envelopeOverVault,
  {
    says: 'per_pia proposes shorter windows',
    async run({ world }, { app }) {
      const author = signedIn('per_pia', world.now)
      await proposeRules(
        app.machinery,
        author,
        rulesOf({ ...world.installation.rules, windowHours: 2 }),
        undefined,
        'shorter',
        'proposing',
      )
    },
  },
  {
    says: 'per_rae countersigns them',
    async run({ world }, { app, store }) {
      const [change, another] = await changesIn(store)
      if (change === undefined || another !== undefined) throw new Error('proposed is one change')
      const { id, proposed } = change
      const handled = await handleChange(
        app.machinery,
        id,
        { type: 'countersign', proposed },
        signedIn('per_rae', world.now),
        'signing',
      )
      if (handled.outcome === 'refused') throw new Error(handled.refusal.message)
    },
  },
  after(3_600),
  settle,
  {
    says: 'per_sid joins the team of the vault',
    async run({ world }, node) {
      world.holding = new Set([...world.holding, 'per_sid member-of team_vault'])
      await readDirectory(world, node)
    },
  },
  asks('the vault', 'per_olga', (now) => ({
    access: {
      system: 'sys_vault',
      entitlement: 'open',
      account: 'olga_v',
      resources: ['entries'],
      actions: ['select'],
    },
    window: { start: plusSeconds(now, 600), end: plusSeconds(now, 4_200) },
  })),
  signs('per_sue', 'the vault'),
  after(600),
  settle,
  after(3_600),
  settle,
  reviews('per_rae', 'the vault'),
]

async function changesIn({ records }: World['installation']['store']): Promise<readonly Change[]> {
  return (await records.list('change', 10)) as readonly Change[]
}

/** One is refused, one is sent twice, two are about the same waiver, and one needs its target to answer first. */
const atTheSameMoment: readonly Act[] = [
  asks('the first', 'per_ann', () => ({ access: onLedger('write', 'ann_db') })),
  asks('the second', 'per_olga', () => ({ access: onLedger('write', 'olga_db') })),
  asks('the third', 'per_carl', () => ({ beneficiary: 'per_ann', access: onVault('ann_v') })),
  together(
    plainly('per_sam', 'the first', { type: 'ask-back', text: 'why now?' }),
    plainly('per_sue', 'the first', { type: 'ask-back', text: 'and why you?' }),
    refused('per_ann', 'the first', { type: 'deny', digest: 'sha256:none', reason: 'no' }),
    plainly('per_sid', 'the second', { type: 'ask-back', text: 'why then?' }),
    plainly('per_sid', 'the second', { type: 'ask-back', text: 'why then?' }),
    asks('the fourth', 'per_olga', () => ({ access: onVault('olga_v') })),
  ),
  together(signs('per_sam', 'the first'), signs('per_sue', 'the second')),
  together(
    plainly('per_ann', 'the first', { type: 'activate' }),
    plainly('per_olga', 'the second', { type: 'activate' }),
  ),
  settle,
]

/** Asked for, endorsed and countersigned: what is different when it is signed by passkey. */
const signedDecisions: readonly Act[] = mainLife.slice(0, 5)

export const chapters = {
  'signed decisions': signedDecisions,
  'the main life': mainLife,
  'more time, suspension and resumption': moreTime,
  'decisions at the same moment': atTheSameMoment,
  'an envelope': envelope,
  'changed rules and a directory that moves': changedRules,
} as const
