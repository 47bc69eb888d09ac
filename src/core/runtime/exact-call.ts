/**
 * Conditions that allow exactly this call and no other: this tool as it describes itself now, these values at these paths,
 * and nothing beside them. What cannot be said exactly is not said at all.
 */
import type { ArgumentCondition, ArgumentValue, Conditions } from '../conditions.ts'
import { argumentProblem, conditionMalformations } from '../conditions.ts'
import type { Use } from '../runtime.ts'

/** @returns undefined where no conditions mean exactly these arguments: nulls, lists of lists or objects, what is empty, very long text. */
export function exactCall({
  tool,
  toolDigest,
  arguments: given,
}: Pick<Use, 'tool' | 'toolDigest' | 'arguments'>): Conditions | undefined {
  const rules = given === undefined ? undefined : rulesFor(given, '')
  if (given !== undefined && rules === undefined) return undefined
  const digest = toolDigest === undefined ? {} : { digest: toolDigest }
  const conditions: Conditions = {
    ...(tool === undefined ? {} : { tools: [{ name: tool, ...digest }] }),
    ...(rules === undefined ? {} : { argumentsClosed: true }),
    ...(rules === undefined || rules.length === 0 ? {} : { arguments: rules }),
  }
  const fits = conditionMalformations(conditions).length === 0 && argumentProblem(conditions, given) === undefined
  return fits ? conditions : undefined
}

function rulesFor(given: object, path: string): ArgumentCondition[] | undefined {
  const rules: ArgumentCondition[] = []
  for (const [key, value] of Object.entries(given)) {
    const argument = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (isPlain(value)) {
      rules.push({ argument, oneOf: [value] })
      continue
    }
    if (Array.isArray(value)) {
      // Of a list of lists or objects the paths do not say which element had what.
      if (value.length === 0 || !value.every(isPlain)) return undefined
      rules.push({ argument: `${argument}/*`, exactly: value })
      continue
    }
    if (typeof value !== 'object' || value === null) return undefined
    const inner = Object.keys(value).length === 0 ? undefined : rulesFor(value, argument)
    if (inner === undefined) return undefined
    rules.push(...inner)
  }
  return rules
}

function isPlain(value: unknown): value is ArgumentValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
