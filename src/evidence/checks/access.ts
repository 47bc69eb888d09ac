/** Was access given only as it was signed, used only while it ran, and really gone in time? */
import { plusSeconds, secondsBetween } from '../../core/time.ts'
import { systemActor } from '../../core/waiver.ts'
import type { Act } from '../lives.ts'
import { actsIn, each, isIn } from './check.ts'

/** The sweep runs twice a second; what is later than this had to wait for something. */
const lateSeconds = 60
/** How long a removal may be open before it counts as a lapse and not as work under way. */
const removalSecondsMax = 900

export const accessChecks = {
  'terms/digest': each(
    'activations',
    (story, period) => actsIn(story, period, 'ActivationStarted'),
    ({ before }) => {
      const signed = before?.approvals.at(-1)?.signed
      if (signed === undefined) return 'nothing was signed before it'
      return before?.digest === signed ? undefined : `${signed} was signed, ${before?.digest} was given`
    },
  ),
  'window/always-expires': each(
    'activations',
    (story, period) => actsIn(story, period, 'ActivationStarted'),
    (_, { acts, waiver }, period) => {
      const end = waiver.activation?.end
      if (end === undefined) return 'it has no end'
      const over = acts.find(({ after }) => after.end !== undefined)?.event.at
      const late = plusSeconds(end, lateSeconds)
      if (over === undefined) return period.end > late ? `it should have ended ${end}, and is open` : undefined
      return over > late ? `it ended ${secondsBetween(end, over)} seconds after its end` : undefined
    },
  ),
  'four-acts/four-records': each(
    'activations',
    (story, period) => actsIn(story, period, 'ActivationStarted'),
    ({ event, before }) =>
      before?.approvals.some(({ by }) => by === event.by) === true ? `${event.by} approved and activated` : undefined,
  ),
  'break-glass/activator-is-not-approver': each(
    'opened envelopes',
    (story, period) =>
      actsIn(story, period, 'ActivationStarted').filter(({ life }) => life.waiver.terms.kind === 'break-glass'),
    ({ event, before }) => {
      if (before?.approvals.some(({ by }) => by === event.by) === true) return `${event.by} approved what they opened`
      return event.verdicts.every(({ independent }) => independent)
        ? undefined
        : 'whoever approved it was not independent of who opened it'
    },
  ),
  'revocation/automatic': each(
    'ends by time',
    (story, period) => actsIn(story, period, 'AccessExpired'),
    ({ event }) => (event.by === systemActor ? undefined : `${event.by} ended it`),
  ),
  'revocation/verified': each('ends of access', endsIn, (act, { acts, waiver }, period) => {
    const later = acts.slice(acts.indexOf(act) + 1)
    const gone = later.find(({ event }) => event.type === 'RemovalVerified')
    if (gone !== undefined) return undefined
    const open = secondsBetween(act.event.at, period.end)
    if (open < removalSecondsMax) return undefined
    const { removal } = waiver
    const failed = removal.state === 'open' && removal.lastFailure !== undefined ? `: ${removal.lastFailure}` : ''
    return `it was not seen to be gone by the end of the period${failed}`
  }),
  'nhi/least-and-short': each(
    'activations for workloads',
    (story, period) =>
      actsIn(story, period, 'ActivationStarted').filter(({ life }) => life.waiver.terms.beneficiary.startsWith('wl_')),
    ({ event, before }) => {
      const limit = before?.obligations.windowSecondsMax
      if (event.account === '') return 'it names no account'
      const seconds = secondsBetween(event.at, event.end)
      return limit !== undefined && seconds > limit ? `it lasts ${seconds} seconds, the limit is ${limit}` : undefined
    },
  ),
  'agent/runtime-check': each(
    'uses',
    (story, period) => actsIn(story, period, 'AccessUsed'),
    ({ event, before }) => {
      if (before?.status !== 'active') return `it was ${before?.status ?? 'not there'}`
      const end = before.activation?.end
      return end !== undefined && event.at >= end ? `it was over since ${end}` : undefined
    },
  ),
}

/** The acts by which access that had been given came to its end. */
function endsIn(...[story, period]: Parameters<typeof actsIn>) {
  return story.lives.flatMap((life) =>
    life.acts.filter((act) => endsAccess(act) && isIn(period, act.event.at)).map((act) => ({ life, act })),
  )
}

function endsAccess({ before, after }: Act): boolean {
  return before?.removal.state !== 'open' && after.removal.state === 'open'
}
