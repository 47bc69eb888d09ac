/**
 * Reads sets of cloud permissions that are dangerous together, such as those that let somebody raise their own rights.
 * Each permission becomes a function of its own and a set is broken by whoever holds all of it; a set of one permission
 * by whoever holds that. Names are exact as they stand in the file.
 */
import { z } from 'zod'
import type { SeparationRule } from '../../core/duties.ts'
import { readAll } from '../validate.ts'
import { exactText, listOf, nameText } from '../values.ts'
import type { FileText, Problem, Read, YamlDocument } from '../yaml.ts'
import {
  FunctionIds,
  type ImportedRules,
  type ImportOptions,
  idOf,
  repeatedIds,
  type SeverityOption,
} from './imported.ts'

const setSchema = z.strictObject({
  id: exactText,
  name: nameText,
  category: z.string().max(200).optional(),
  services: z.array(z.string().max(200)).optional(),
  permissions: listOf(exactText).min(1),
})

type PermissionSet = z.output<typeof setSchema>

/** @returns the rules of one JSON file, or every problem with its line. */
export function readToxicPermissions(
  file: FileText,
  { controls = [], severity = 'high' }: ImportOptions & SeverityOption = {},
): Read<ImportedRules> {
  const read = readAll([file], z.array(setSchema).min(1))
  if ('problems' in read) return read
  const [{ document, content: sets } = { document: undefined, content: [] }] = read.value
  if (document === undefined) return { problems: [] }
  const problems = [
    ...repeatedIds(
      sets.map(({ id }) => idOf(id)),
      (index) => document.at([index, 'id']),
    ),
    ...patternProblems(sets, document),
  ]
  if (problems.length > 0) return { problems }
  const ids = new FunctionIds()
  const rules = sets.map(
    ({ id, name, permissions }): SeparationRule => ({
      id: idOf(id),
      name,
      severity,
      functions: permissions.map((permission) => ids.idFor(permission, [permission])),
      conflictsFrom: permissions.length,
      controls,
    }),
  )
  return { value: { functions: ids.functions, rules, notes: [], counts: ids.counts(rules.length) } }
}

/** In a rule a pattern would be read as a name that nobody has. */
function patternProblems(sets: readonly PermissionSet[], document: YamlDocument): Problem[] {
  return sets.flatMap(({ permissions }, set) =>
    permissions.flatMap((permission, index) =>
      /[*?]/.test(permission)
        ? [
            {
              where: document.at([set, 'permissions', index]),
              message: `\`${permission}\` is a pattern; list each permission by its exact name`,
            },
          ]
        : [],
    ),
  )
}
