/**
 * Which fields may stand at this place? Walks a schema the way a path walks a document, for the list of known fields in
 * a message. It reads the schema and never validates with it.
 */
import { z } from 'zod'
import type { Path } from './yaml.ts'

/** @returns the schema that governs the value at `path`, or `undefined` where none is known. */
export function schemaAt(schema: z.core.$ZodType | undefined, path: Path): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>((inner, step) => child(bare(inner), step), schema)
}

/** @returns the names of the fields of an object schema; of a union, those of all its objects. */
export function fieldsOf(schema: z.core.$ZodType | undefined): readonly string[] {
  const inner = bare(schema)
  if (inner instanceof z.ZodObject) return Object.keys(inner.shape)
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => fieldsOf(option))
  return []
}

/** @returns what this field may say in the forms of a union, where each form has a word of its own. */
export function literalsOf(schema: z.core.$ZodType | undefined, field: string): readonly string[] {
  const inner = bare(schema)
  if (!(inner instanceof z.ZodUnion)) return []
  return inner.options.flatMap((option) => {
    const own = child(bare(option), field)
    return own instanceof z.ZodLiteral ? [...own.values].map(String) : []
  })
}

function child(schema: z.core.$ZodType | undefined, step: string | number): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, z.core.$ZodType>)[step]
  if (schema instanceof z.ZodRecord) return schema.valueType
  if (schema instanceof z.ZodArray) return schema.element
  if (schema instanceof z.ZodUnion) {
    return schema.options.map((option) => child(bare(option), step)).find((found) => found !== undefined)
  }
  return undefined
}

/** Takes off what does not change which fields there are: optional, default, transforms, recursion. */
function bare(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodPrefault) {
    return bare(schema.unwrap())
  }
  if (schema instanceof z.ZodDefault) return bare(schema.unwrap())
  if (schema instanceof z.ZodPipe) return bare(schema.in)
  if (schema instanceof z.ZodLazy) return bare(schema.unwrap())
  return schema
}
