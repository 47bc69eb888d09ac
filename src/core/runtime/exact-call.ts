/**
 * Conditions that allow exactly this call and no other: this tool as it describes itself now, these values at these paths,
 * and nothing beside them. What cannot be said exactly is not said at all.
 */
import type { ArgumentCondition, Conditions } from '../conditions.ts'
import { argumentProblem, conditionMalformations } from '../conditions.ts'
import type { Use } from '../runtime.ts'

/** @returns undefined where no conditions mean exactly these arguments: lists, nulls, empty objects, very long text. */
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
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      rules.push({ argument, oneOf: [value] })
      continue
    }
    // How often and in which order a list has its elements is in no condition.
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const inner = Object.keys(value).length === 0 ? undefined : rulesFor(value, argument)
    if (inner === undefined) return undefined
    rules.push(...inner)
  }
  return rules
}
