/** The kill switch as it travels: what it ends, and what became of each waiver. */
import { z } from 'zod'
import { freeText, listOut, names, nodeId, said, systemId, waiverId } from './text.ts'

const of = <Of extends string>(what: Of) => z.literal(what).meta({ description: 'What the id is of.' })

export const killing = z
  .strictObject({
    scope: z
      .union([
        z
          .strictObject({ of: of('workload'), id: nodeId })
          .meta({ description: 'Everything a workload or person may use.' }),
        z
          .strictObject({ of: of('owner'), id: nodeId })
          .meta({ description: 'Everything of a person and of every workload that person controls.' }),
        z.strictObject({ of: of('system'), id: systemId }).meta({ description: 'Everything on a system.' }),
        z.strictObject({ of: of('waiver'), id: waiverId }).meta({ description: 'One waiver.' }),
      ])
      .meta({ description: 'What ends.' }),
    reason: freeText('Why everything ends now.'),
  })
  .meta({ id: 'Killing', description: 'Ends everything in the scope that is open, at once.' })

export const killed = z
  .object({
    results: listOut(
      z
        .object({
          waiver: said('The waiver.'),
          outcome: z.enum(['ended', 'refused']).meta({ description: '`refused`: you may not end it, or it was over.' }),
          code: said('Why it was refused.').optional(),
          detail: said('The same in words.').optional(),
        })
        .meta({ description: 'What became of one waiver.' }),
      'One row a waiver that was open in the scope and that you may read.',
    ),
    complete: z.boolean().meta({ description: 'True when everything that was open in the scope has ended.' }),
    known: z.boolean().optional().meta({
      description:
        'False when nothing was open and nobody and nothing is known by this id: look whether it is misspelled. Absent for workloads.',
    }),
    everywhereAfterMillis: z
      .number()
      .meta({ description: 'How long it took from the commit until no process said yes any more.' }),
    replayed: z.boolean().meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
    names,
  })
  .meta({
    id: 'Killed',
    description: 'What became of everything in the scope. Removal on targets goes on and is verified as always.',
  })

export type Killing = z.input<typeof killing>
export type KilledView = z.output<typeof killed>
