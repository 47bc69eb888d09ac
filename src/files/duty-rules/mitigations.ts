/**
 * Reads which compensating controls stand against which conflicts, who answers for them, how often evidence is due and
 * when they end. Every mitigation ends: one without an end is refused.
 */
import { z } from 'zod'
import type { Mitigation } from '../../core/duties.ts'
import { withPrefix, wrongPrefix } from '../reference.ts'
import { readAll } from '../validate.ts'
import { exactText, mapOf, moment, referenceText, someSeconds } from '../values.ts'
import type { FileText, Path, Problem, Read } from '../yaml.ts'

const mitigationSchema = z.strictObject({
  holder: exactText.meta({ description: 'Who holds the conflict, as in the assignments.' }),
  rule: exactText.meta({ description: 'The rule that is broken.' }),
  control: referenceText.meta({ description: 'The compensating control; the rule must take it.' }),
  owner: referenceText.meta({ description: 'The person who answers for it. Never the holder.' }),
  from: moment.meta({ description: 'When it begins.' }),
  until: moment.meta({ description: 'When it ends.' }),
  every: someSeconds.meta({ description: 'Evidence is due this often.' }),
  evidencedAt: moment.optional().meta({ description: 'When evidence last came. Default: never yet.' }),
})

export const mitigationsSchema = z.strictObject({
  mitigations: mapOf(mitigationSchema).meta({ description: 'Mitigations, by id.' }),
})

type Entry = z.output<typeof mitigationSchema>

/** @returns the mitigations of all files, or every problem. */
export function readMitigations(files: readonly FileText[]): Read<readonly Mitigation[]> {
  const read = readAll(files, mitigationsSchema)
  if ('problems' in read) return read
  const problems: Problem[] = []
  const places = new Map<string, string>()
  const mitigations: Mitigation[] = []
  for (const { document, content } of read.value) {
    for (const [id, entry] of Object.entries(content.mitigations)) {
      const at = (path: Path, part?: 'key') => document.at(['mitigations', id, ...path], part)
      const first = places.get(id)
      if (first !== undefined)
        problems.push({ where: at([], 'key'), message: `\`${id}\` stands at ${first} as well; keep one` })
      places.set(id, at([], 'key'))
      problems.push(...entryProblems(entry, (field) => at([field])))
      mitigations.push(mitigationOf(id, entry))
    }
  }
  return problems.length > 0 ? { problems } : { value: mitigations }
}

function mitigationOf(id: string, { every, evidencedAt, owner, ...entry }: Entry): Mitigation {
  const evidence = evidencedAt === undefined ? {} : { evidencedAt }
  return { id, ...entry, owner: withPrefix('per', owner), everySeconds: every, ...evidence }
}

function entryProblems(
  { holder, owner, from, until, evidencedAt }: Entry,
  where: (field: string) => string,
): Problem[] {
  const problems: Problem[] = []
  const wrong = wrongPrefix(owner, ['per'])
  if (wrong !== undefined) problems.push({ where: where('owner'), message: wrong })
  if (withPrefix('per', owner) === withPrefix('per', holder))
    problems.push({ where: where('owner'), message: `\`${owner}\` holds the conflict; name somebody else` })
  if (until <= from) problems.push({ where: where('until'), message: 'ends before it begins' })
  if (evidencedAt !== undefined && evidencedAt < from)
    problems.push({ where: where('evidencedAt'), message: 'is before the mitigation began' })
  return problems
}
