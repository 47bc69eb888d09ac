// Answers of the API for tests of what is shown: waivers that the real core made, in the shapes of the real schemas.
import { waiverDetail as detailSchema } from '../../../src/api/schema/waiver.ts'
import type { Context, Events, Me, WaiverDetail, WaiverView, Written } from '../../../src/client/index.ts'
import type { Terms } from '../../../src/core/terms.ts'
import type { Waiver } from '../../../src/core/waiver.ts'
import { termsDigest } from '../../../src/proof/terms-digest.ts'
import { lifeAt, type Stage } from '../../support/life.ts'

export const id = 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'

export interface DetailParts {
  readonly terms?: Partial<Terms>
  readonly names?: Record<string, string>
  readonly change?: (waiver: Waiver) => Waiver
}

export function detailAt(
  stage: Stage,
  { terms = {}, names = {}, change = (waiver) => waiver }: DetailParts = {},
): WaiverDetail {
  const { waiver } = lifeAt(stage)
  if (waiver === undefined) throw new Error(`nothing is asked for yet at \`${stage}\``)
  const detail = {
    waiver: redigested(change({ ...waiver, id, terms: { ...waiver.terms, ...terms } }), terms),
    standing: {
      relations: ['countersign-pool'],
      verdict: { person: 'per_reader', independent: true, conflicts: [], additionalCountersigners: 0 },
      acts: [],
    },
    names: { per_asker: 'Ada Asker', per_reader: 'Rea Reader', ...names },
  }
  return detailSchema.parse(detail)
}

/** The digests that belong to these very terms. */
function redigested(waiver: Waiver, terms: Partial<Terms>): Waiver {
  const { proposal } = waiver
  const proposed = proposal && { ...proposal.terms, ...terms }
  return {
    ...waiver,
    digest: termsDigest(waiver.terms),
    ...(proposal === undefined || proposed === undefined
      ? {}
      : { proposal: { ...proposal, terms: proposed, digest: termsDigest(proposed) } }),
  }
}

export const context: Context = {
  contains: { state: 'same', summary: ['select on ledger.entries'] },
  earlier: [],
  held: [],
  breaks: [],
  nowAt: '2026-11-22T14:00:00.000Z',
  names: {},
}

export function me(person = 'per_reader', signedInAt?: string): Me {
  return {
    id: person,
    kind: 'person',
    chain: [],
    pools: [],
    asksFor: [],
    groups: [],
    oversees: false,
    readsEverything: false,
    founder: false,
    names: { per_reader: 'Rea Reader' },
    ...(signedInAt === undefined ? {} : { signedInAt }),
  }
}

export function written(waiver: WaiverView): Written {
  return { waiver, events: [], replayed: false, names: {} }
}

export const noEvents: Events = { events: [], names: {} }

/** What a person needs to see and decide about one waiver. */
export function answersFor(detail: WaiverDetail): Record<string, unknown> {
  const { waiver } = detail
  const { proposal } = waiver
  const signed = proposal === undefined ? waiver : { ...waiver, terms: proposal.terms, digest: proposal.digest }
  return {
    '/v1/me': me(),
    [`/v1/waivers/${id}`]: detail,
    [`/v1/waivers/${id}/context`]: context,
    [`/v1/waivers/${id}/events`]: noEvents,
    [`/v1/waivers/${id}/countersignature`]: written(signed),
    [`/v1/waivers/${id}/denial`]: written(waiver),
    [`/v1/waivers/${id}/endorsement`]: written(waiver),
    '/v1/waivers': { waivers: [waiver], names: detail.names },
    '/v1/sign-in': {
      issuers: [
        {
          key: 'id',
          issuer: 'https://id.test',
          audience: 'https://countersign.test',
          browserClient: 'decide',
          deviceClient: 'cli',
          scope: 'openid',
          audienceParameter: 'resource',
          loopbackHost: '127.0.0.1',
        },
      ],
    },
  }
}
