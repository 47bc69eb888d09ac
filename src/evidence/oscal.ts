/**
 * Evidence as OSCAL assessment results, version 1.2.1 of the format (pages.nist.gov/OSCAL). One observation and one finding
 * a control; identifiers follow from what they stand for, so that the same report written twice is the same document.
 */
import { digestOf } from '../lib/digest.ts'
import { controlOf, type EvidencedControlId } from './controls.ts'
import type { Examined } from './examine.ts'
import type { EvidenceReport } from './report.ts'

const oscalVersion = '1.2.1'
const namespace = 'https://countersign.example/ns/oscal'

export function oscalDocument(report: EvidenceReport): Readonly<Record<string, unknown>> {
  const { installation, madeAt, version, period, examined } = report
  const id = identifiers(report)
  return {
    'assessment-results': {
      uuid: id('document'),
      metadata: {
        title: `Independent approval and bounded access at ${installation}`,
        'last-modified': madeAt,
        version,
        'oscal-version': oscalVersion,
        parties: [{ uuid: id('party'), type: 'organization', name: installation }],
      },
      'import-ap': { href: '#', remarks: 'Examined continuously from the record of acts; there is no plan apart.' },
      results: [
        {
          uuid: id('result'),
          title: `Acts from ${period.start} to ${period.end}`,
          description: `${report.records.length} recorded events of the period were examined, with every earlier event they follow from.${erased(report)}`,
          start: period.start,
          end: period.end,
          'reviewed-controls': reviewed(examined),
          observations: examined.map((one) => observation(one, report, id)),
          findings: examined.filter(({ state }) => state !== 'nothing-to-examine').map((one) => finding(one, id)),
        },
      ],
    },
  }
}

type Identify = (of: string) => string

/** Version 5 in shape: a UUID that follows from a name, here by SHA-256 as the rest of the product hashes. */
function identifiers({ installation, period, madeAt }: EvidenceReport): Identify {
  return (of) => {
    const hex = digestOf({ countersign: 'oscal/v1', installation, period, madeAt, of }).replace(/^sha256:/, '')
    const variant = ((Number.parseInt(hex[16] as string, 16) & 0x3) | 0x8).toString(16)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
}

function reviewed(examined: readonly Examined[]) {
  const ids = [...new Set(examined.flatMap(({ control }) => requirementIds(control)))].sort()
  return {
    'control-selections': [
      {
        description: 'Requirements that the examined controls answer.',
        'include-controls': ids.map((id) => ({ 'control-id': id })),
      },
    ],
  }
}

function observation({ control, looked, count, lapses, state }: Examined, report: EvidenceReport, id: Identify) {
  const what =
    state === 'nothing-to-examine'
      ? `No ${looked} in this period, so there was nothing to examine.`
      : `${count} ${looked} examined, ${lapses.length} of them did not hold.`
  return {
    uuid: id(`observation ${control}`),
    title: control,
    description: `${controlOf(control).must}. ${what}`,
    props: [
      property('examined', String(count)),
      property('lapses', String(lapses.length)),
      property('state', state),
      ...controlOf(control).answers.map(({ framework, id: requirement }) =>
        property('answers', `${framework} ${requirement}`),
      ),
    ],
    methods: ['EXAMINE'],
    types: ['control-objective'],
    ...(lapses.length === 0
      ? {}
      : {
          'relevant-evidence': lapses.map(({ event, says }) => ({
            description: `${event}: ${says}`,
            props: [property('event', event)],
          })),
        }),
    collected: report.madeAt,
  }
}

function finding({ control, lapses, state }: Examined, id: Identify) {
  const held = state === 'held'
  return {
    uuid: id(`finding ${control}`),
    title: control,
    description: controlOf(control).must,
    target: {
      type: 'objective-id',
      'target-id': tokenOf(control),
      status: { state: held ? 'satisfied' : 'not-satisfied', reason: held ? 'pass' : 'fail' },
    },
    'related-observations': [{ 'observation-uuid': id(`observation ${control}`) }],
    ...(lapses.length === 0 ? {} : { remarks: lapses.map(({ says }) => says).join('\n\n') }),
  }
}

function property(name: string, value: string) {
  return { name, ns: namespace, value }
}

/** OSCAL identifiers are tokens: no slashes, parentheses, spaces or colons, and they begin with a letter. */
function tokenOf(id: string): string {
  return id
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/-+$/g, '')
}

function requirementIds(control: EvidencedControlId): readonly string[] {
  return controlOf(control).answers.map(({ id }) => tokenOf(id.replace(/\((\d+)\)/, '.$1')))
}

function erased({ erasedCount }: EvidenceReport): string {
  return erasedCount === 0 ? '' : ` Of ${erasedCount} events the body was erased; what they say could not be examined.`
}
