/** How somebody stands to a waiver, as a picture: who asks, who gives, who decides, and every path between them. */
import { z } from 'zod'
import { conflict, pathStep } from './conflict.ts'
import { count, idOut, listOut, names, personId, said } from './text.ts'

export const pictureQuery = z
  .strictObject({
    person: personId.exactOptional().meta({
      description: 'Whom it is about; you when absent. Others only for those who decide or review this waiver.',
    }),
  })
  .meta({ description: 'Whom the picture is about.' })

export const picture = z
  .object({
    person: idOut('Whom it is about.', 'per_noor'),
    independent: z.boolean().meta({ description: 'Outside both the requesting and the granting path.' }),
    conflicts: listOut(conflict, 'Every conflict found, with its path.'),
    nodes: listOut(
      z
        .object({
          id: idOut('Who or what: of the directory, or a pool of the policy.', 'team_payments'),
          kind: z
            .enum(['person', 'account', 'team', 'workload', 'system', 'rota', 'pool', 'other'])
            .meta({ description: 'What it is.' }),
          name: said('Its name. Data, never markup.'),
          side: z
            .enum(['requesting', 'granting', 'deciding'])
            .meta({ description: 'On which side it stands. What stands on two sides is shown on the first.' }),
          part: z
            .enum(['requester', 'beneficiary', 'chain', 'system', 'decider'])
            .optional()
            .meta({ description: 'What it is in this waiver; absent for what only stands around.' }),
        })
        .meta({ description: 'One node.' }),
      'Everybody and everything in the picture.',
    ),
    edges: listOut(
      pathStep.extend({
        conflicts: listOut(
          z.string(),
          'Codes of the conflicts whose path takes this step; empty where it proves none.',
        ),
      }),
      'Relations between them.',
    ),
    left: count('Further teams, rotas and people around them that are not drawn, since no path leads through them.'),
    names,
  })
  .meta({ id: 'Picture', description: 'How somebody stands to a waiver, for drawing it.' })

export type Picture = z.output<typeof picture>
export type PictureQuery = { readonly person?: string }
