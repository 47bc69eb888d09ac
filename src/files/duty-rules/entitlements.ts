/**
 * Reads what entitlements contain, for an analysis of systems that no policy describes: duties (transaction codes,
 * permissions, whatever the rules name) and other entitlements that come with them.
 */
import { z } from 'zod'
import type { Duties, EntitlementContents } from '../../core/duties.ts'
import { readAll } from '../validate.ts'
import { exactText, listOf } from '../values.ts'
import type { FileText, Problem, Read } from '../yaml.ts'

const contentsSchema = z.strictObject({
  duties: listOf(exactText).default([]).meta({ description: 'What it lets one do, as the rules name it.' }),
  contains: listOf(exactText).default([]).meta({ description: 'Other entitlements that come with it.' }),
})

export const entitlementsSchema = z.strictObject({
  dutyNames: z
    .enum(['exact', 'wildcards'])
    .optional()
    .meta({ description: '`wildcards`: `*` and `?` in duties stand for any characters and case does not count.' }),
  entitlements: z.record(exactText, contentsSchema).meta({ description: 'Contents, by the name that is assigned.' }),
})

export type EntitlementFiles = Required<Pick<Duties, 'entitlements' | 'dutyNames'>>

/** @returns the contents of all files together, or every problem. One reading of names holds for all of them. */
export function readEntitlements(files: readonly FileText[]): Read<EntitlementFiles> {
  const read = readAll(files, entitlementsSchema)
  if ('problems' in read) return read
  const said = read.value.flatMap(({ document, content: { dutyNames } }) =>
    dutyNames === undefined ? [] : [{ dutyNames, where: document.at(['dutyNames']) }],
  )
  const other = said.find(({ dutyNames }) => dutyNames !== said[0]?.dutyNames)
  const problems: Problem[] =
    other === undefined
      ? []
      : [
          {
            where: other.where,
            message: `\`${other.dutyNames}\` here and \`${said[0]?.dutyNames}\` at ${said[0]?.where}; say one`,
          },
        ]
  const places = new Map<string, string>()
  for (const { document, content } of read.value) {
    for (const id of Object.keys(content.entitlements)) {
      const where = document.at(['entitlements', id], 'key')
      const first = places.get(id)
      if (first !== undefined) problems.push({ where, message: `\`${id}\` is described at ${first} as well; keep one` })
      places.set(id, where)
    }
  }
  if (problems.length > 0) return { problems }
  const entitlements = read.value.flatMap(({ content }) =>
    Object.entries(content.entitlements).map(([id, contents]): EntitlementContents => ({ id, ...contents })),
  )
  return { value: { entitlements, dutyNames: said[0]?.dutyNames ?? 'exact' } }
}
