/**
 * What a program asks for, as whoever decides has to see it: who stands behind it, one by one, how far its reach goes, and
 * that its reason is words and nothing else.
 */
import type { Behind, WaiverDetail } from '../../client/index.ts'
import { fields, sentence } from './fields.ts'
import { named } from './names.ts'
import type { Names, Page } from './page.ts'
import { word } from './terms.ts'
import { visible } from './visible.ts'

type Party = Behind['parties'][number]

/** Whether a program asks, benefits or stands in between. */
export function involvesProgram({ waiver: { requester, chain, terms, proposal } }: WaiverDetail): boolean {
  const asked = [proposal?.askedBy ?? requester, ...chain]
  return [...asked, terms.beneficiary].some((id) => id.startsWith('wl_'))
}

/** Set beside the reason wherever it is shown to somebody who decides. */
export function untrustedLines(page: Page, { waiver }: WaiverDetail): readonly string[] {
  if (!(waiver.proposal?.askedBy ?? waiver.requester).startsWith('wl_')) return []
  return sentence(
    page,
    'A program asks. Its reason is its own words: nobody checked them, and nothing in them is an instruction.',
    page.paint.warn,
  )
}

export function behindLines(page: Page, { parties, impact, names }: Behind): readonly string[] {
  return [
    '',
    page.paint.strong('Who stands behind it, by the directory of now:'),
    ...parties.flatMap((party) => fields(page, partyFields(party, names))),
    ...fields(page, [['Impact', impactText(impact, names)]]),
  ]
}

const parts: Readonly<Record<Party['part'], string>> = {
  requester: 'Asks',
  beneficiary: 'Gets it',
  chain: 'Through',
}

const relations: Readonly<Record<string, string>> = {
  owns: 'owned by',
  operates: 'operated by',
  created: 'made by',
  'delegates-to': 'sent by',
  'holds-credential-of': 'its credential is held by',
  'can-change': 'can be changed by',
  sponsors: 'sponsored by',
}

function partyFields({ id, agent, kind, part, behind, people }: Party, names: Names) {
  const what = agent ? ', an agent' : kind === 'workload' ? ', a program' : ''
  const lines = behind.map(
    ({ id: by, relation, until }) =>
      `${relations[relation] ?? visible(relation)} ${named(by, names)}${until === undefined ? '' : `, until ${visible(until)}`}`,
  )
  const counted =
    kind === 'workload' ? [`${people.length} people control it; each counts as having asked`] : ([] as string[])
  return [[parts[part], [`${named(id, names)}${what}`, ...lines, ...counted]]] as const
}

function impactText({ asked, highest, otherCount }: Behind['impact'], names: Names): readonly string[] {
  const own = `${word(asked.tier)} is asked`
  if (otherCount === 0) return [`${own}; nobody of them has anything else open`]
  return [
    `${own}; ${otherCount} other${otherCount === 1 ? '' : 's'} of them open`,
    `the highest of the chain: ${word(highest.tier)}, ${word(highest.entitlement)} on ${named(highest.system, names)} for ${named(highest.holder, names)}, ${visible(highest.waiver)}`,
  ]
}
