/**
 * What limits the use of a waiver, as it travels: tools, arguments, rate, bytes, delegation, hours. The same members are
 * asked for, narrowed to, and shown.
 */
import { z } from 'zod'
import { digest, duration, exactName, listOut, said } from './text.ts'

const tools = z
  .array(
    z
      .strictObject({
        name: exactName.meta({ description: 'Exact name of the tool.', examples: ['transfer'] }),
        digest: digest.exactOptional().meta({
          description: 'Of its description and schema as they are approved; when they change it is another tool.',
        }),
      })
      .meta({ description: 'A tool.' }),
  )
  .min(1)
  .max(100)
  .meta({ description: 'Only through these tools. An empty list never means all.' })

const argument = z
  .string()
  .min(1)
  .max(300)
  .meta({
    description: 'Name of the argument, or a path such as `/target/region`; `*` is every element of a list.',
    examples: ['region'],
  })
const value = z
  .union([z.string().max(1_000), z.number(), z.boolean()])
  .meta({ description: 'Compared by type and value; text byte by byte.' })
const text = z.string().min(1).max(1_000)
const number = z.number()

const rules = z
  .array(
    z
      .union([
        z
          .strictObject({
            argument,
            oneOf: z.array(value).min(1).max(100).meta({ description: 'One of these values.' }),
          })
          .meta({ description: 'One of a list.' }),
        z
          .strictObject({
            argument,
            exactly: z.array(value).min(1).max(100).meta({
              description: 'All values at this path, as often and in this order; of a list, its elements.',
            }),
          })
          .meta({ description: 'A list as it is.' }),
        z
          .strictObject({
            argument,
            startsWith: z.array(text).min(1).max(100).meta({
              description: 'Text that begins with one of these and does not climb out again (`..`, `%2e`, `\\`).',
            }),
          })
          .meta({ description: 'A beginning.' }),
        z
          .strictObject({
            argument,
            atLeast: number.exactOptional().meta({ description: 'The least.' }),
            atMost: number.exactOptional().meta({ description: 'The most.' }),
          })
          .meta({ description: 'A range of numbers.' }),
        z
          .strictObject({ argument, absent: z.literal(true).meta({ description: 'It must not be there.' }) })
          .meta({ description: 'Left out.' }),
      ])
      .meta({ description: 'What one argument has to be. It must be there, unless the rule says that it must not.' }),
  )
  .min(1)
  .max(100)
  .meta({ description: 'What arguments have to be; one rule an argument.' })

const hours = z
  .array(
    z
      .strictObject({
        days: z
          .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
          .min(1)
          .max(7)
          .exactOptional()
          .meta({ description: 'Absent: every day.' }),
        from: z
          .string()
          .max(5)
          .meta({ description: 'From this time of day.', examples: ['08:00'] }),
        to: z
          .string()
          .max(5)
          .meta({ description: 'Up to this time of day, `24:00` at the latest.', examples: ['18:00'] }),
        offset: z
          .string()
          .max(6)
          .meta({ description: 'Distance of that clock from UTC.', examples: ['+01:00'] }),
      })
      .meta({ description: 'A span of the day.' }),
  )
  .min(1)
  .max(100)
  .meta({ description: 'Only within these spans of the day.' })

/** Beside `usesMax` and `exclusions`, which are older. */
export const askedConditions = {
  tools,
  arguments: rules,
  argumentsClosed: z.literal(true).meta({ description: 'Arguments that no rule names are forbidden.' }),
  rate: z
    .strictObject({
      usesMax: z
        .int()
        .min(1)
        .max(1_000_000)
        .meta({ description: 'At most so many uses.', examples: [10] }),
      per: duration.meta({ description: 'In each stretch of this length, P1D at most.', examples: ['PT1M'] }),
    })
    .meta({ description: 'How often.' }),
  bytesMax: z
    .int()
    .min(1)
    .meta({ description: 'The waiver is spent after so many bytes.', examples: [10_000_000] }),
  delegationDepthMax: z
    .int()
    .min(0)
    .max(16)
    .meta({ description: 'How many may stand behind whoever acts.', examples: [1] }),
  hours,
} as const

/** Every member may be left out, and none may be sent as `undefined` or null. */
export function optional<Members extends Readonly<Record<string, z.ZodType>>>(members: Members) {
  const entries = Object.entries(members).map(([name, schema]) => [
    name,
    z.exactOptional(schema).meta(schema.meta() ?? {}),
  ])
  return Object.fromEntries(entries) as { [Name in keyof Members]: z.ZodExactOptional<Members[Name]> }
}

const maybe = <Schema extends z.ZodType>(schema: Schema, description: string) => schema.optional().meta({ description })

export const conditionsOut = {
  tools: maybe(
    listOut(
      z
        .object({ name: said('Name of the tool.'), digest: maybe(z.string(), 'As approved.') })
        .meta({ description: 'A tool.' }),
      'Only through these.',
    ),
    'Only through these tools.',
  ),
  arguments: maybe(
    listOut(
      z
        .looseObject({ argument: said('Path of the argument.') })
        .meta({ description: '`oneOf`, `exactly`, `startsWith`, `atLeast` and `atMost`, or `absent`.' }),
      'One rule an argument.',
    ),
    'What arguments have to be.',
  ),
  argumentsClosed: maybe(z.literal(true), 'Arguments that no rule names are forbidden.'),
  rate: maybe(
    z.object({ usesMax: z.int().meta({ description: 'So many.' }), per: said('In each stretch of this length.') }),
    'How often at most.',
  ),
  bytesMax: maybe(z.int(), 'The waiver is spent after so many bytes.'),
  delegationDepthMax: maybe(z.int(), 'How many may stand behind whoever acts.'),
  hours: maybe(
    listOut(
      z
        .object({
          days: maybe(listOut(z.string(), 'Days.'), 'Absent: every day.'),
          from: said('From.'),
          to: said('To.'),
          offset: said('Distance of that clock from UTC.'),
        })
        .meta({ description: 'A span of the day.' }),
      'Spans of the day.',
    ),
    'Only within these spans of the day.',
  ),
}
