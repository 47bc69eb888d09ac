// Every kind of event a waiver can have, from lives that really went that way, each with the waiver as it was then.

import { evolveAll } from '../../src/core/evolve.ts'
import type { Waiver, WaiverEvent } from '../../src/core/waiver.ts'
import { systemActor } from '../../src/core/waiver.ts'
import { asEarlier } from '../../src/engine/circumstances.ts'
import { type Life, lifeAt, newLife, policyFor, termsFor } from '../support/life.ts'

export interface Moment {
  readonly event: WaiverEvent
  readonly version: number
  readonly waiver: Waiver
}

const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT10M' }] as const
const end = '2026-11-22T15:00:00.000Z'

export function everyMoment(): readonly Moment[] {
  return lives().flatMap((life) => {
    const events = life.events
    return events.map((event, index) => {
      const waiver = evolveAll('wvr_01', events.slice(0, index + 1))
      if (waiver === undefined) throw new Error(`\`${event.type}\` leaves no waiver`)
      return { event, version: index + 1, waiver }
    })
  })
}

function lives(): readonly Life[] {
  const asked = () => lifeAt('requested')
  const active = () => lifeAt('active')
  const digest = (life: Life) => life.waiver?.proposal?.digest ?? ''
  const withControls = () => {
    const life = newLife({ tier: { controlsRequired: ['peer-watch'] }, terms: { controls } })
    life.ask()
    life.countersign('per_sam')
    life.must('per_asker', { type: 'activate' })
    return life.must(systemActor, { type: 'confirm-activation' })
  }
  const narrowed = asked()
  narrowed.countersign('per_sam', {
    ...(narrowed.waiver?.terms ?? termsFor()),
    access: { ...termsFor().access, actions: ['select'] },
  })
  const answered = asked().must('per_sam', { type: 'ask-back', text: 'which batch?' })
  const extended = lifeAt('extension asked')
  extended.countersign('per_sue')
  const noExtension = lifeAt('extension asked')
  const resumed = lifeAt('resumption asked')
  resumed.countersign('per_sue')
  const notResumed = lifeAt('resumption asked')
  const voided = lifeAt('countersigned')
  voided.do('per_asker', { type: 'activate' }, { contains: 'sha256:something else' })
  const refused = asked()
  refused.do('per_mate', { type: 'countersign', digest: digest(refused), acknowledges: [] })
  const failed = lifeAt('ended')
  const reviewed = lifeAt('removed')
  const record = reviewed.waiver?.records[0]?.event ?? ''
  const deniedBefore = newLife()
  deniedBefore.facts = { earlier: [asEarlier(lifeAt('denied').waiver as Waiver)] }
  const gone = (life: Life, person: string) => {
    life.directory = `${life.directory}\n${person} until 2026-10-01`
    return life.must(systemActor, { type: 'recheck' })
  }
  const signerGone = lifeAt('requested', { tier: { countersignersMin: 2 } })
  signerGone.countersign('per_sam')
  const askedByController = newLife()
  askedByController.ask({ beneficiary: 'wl_bot', access: { ...termsFor().access, account: 'bot_db' } }, 'wl_bot')
  askedByController.countersign('per_sam')
  askedByController.must('wl_bot', { type: 'activate' }).must(systemActor, { type: 'confirm-activation' })
  askedByController.must('per_asker', { type: 'request-extension', end, reason: 'not done yet' })
  const lastInTime = (life: Life) => life.after(3_600).tick()
  return [
    narrowed,
    answered.must('per_asker', { type: 'answer', text: 'batch 7' }),
    asked().must('per_asker', { type: 'withdraw', reason: 'found another way' }),
    lastInTime(asked()),
    lifeAt('denied'),
    lifeAt('countersigned', { policy: policyFor({ steps: ['endorse', 'countersign'] }) }),
    voided,
    refused,
    active().must('per_asker', { type: 'use', detail: 'update entries' }),
    extended,
    noExtension.must('per_sue', { type: 'deny', digest: digest(noExtension), reason: 'enough' }),
    lastInTime(lifeAt('extension asked')),
    withControls().must('per_lee', { type: 'evidence', control: 'peer-watch', text: 'I sat beside them' }),
    withControls().after(700).tick(),
    resumed,
    notResumed.must('per_sue', { type: 'deny', digest: digest(notResumed), reason: 'no' }),
    lastInTime(lifeAt('resumption asked')),
    lifeAt('reviewed'),
    failed.must(systemActor, { type: 'report-removal', verified: false, residue: [], reason: 'target is down' }),
    lifeAt('removed')
      .after(4 * 86_400)
      .tick(),
    active()
      .after(3 * 3_600)
      .tick(),
    reviewed.must('per_rae', { type: 'review-event', event: record, finding: 'justified', note: 'looks right' }),
    gone(signerGone, 'per_sam'),
    gone(askedByController, 'per_asker'),
    lifeAt('opened envelope'),
    lifeAt('sealed envelope'),
    deniedBefore.ask({ window: { start: termsFor().window.start, end } }),
  ]
}
