/** How a no looks on the wire: RFC 9457 `application/problem+json` with the members every client may rely on. */
import { z } from 'zod'
import { conflict, excluded } from './conflict.ts'
import { idOut, listOut, said } from './text.ts'

export const problem = z
  .object({
    type: said('Address of a page that explains this kind of problem.').meta({
      examples: ['https://countersign.example/problems/approver-is-requester'],
    }),
    title: said('The kind of problem in one sentence; the same for every occurrence.'),
    status: z.int().meta({ description: 'The HTTP status.', examples: [403] }),
    detail: said('What is wrong here, and what to do. Lower-case, no full stop.'),
    code: said('The kind of problem, from a closed list.').meta({ examples: ['approver-is-requester'] }),
    instance: said('Where this attempt is recorded, when it is.').optional(),
    reason: said('Authentication problems: what exactly is wrong with the token.').optional(),
    at: said('Which part of the request it is about.')
      .optional()
      .meta({ examples: ['terms.window.end'] }),
    limit: z
      .object({
        value: z.union([z.string(), z.number()]).meta({ description: 'The limit.' }),
        setIn: said('Where it is set.'),
      })
      .optional()
      .meta({ description: 'The limit that was met.' }),
    nearest: listOut(z.string(), 'Names that exist and look like what was written.').optional(),
    conflicts: listOut(conflict, 'Why somebody is not independent.').optional(),
    excluded: listOut(excluded, 'The nearest pools, and why each member is out.').optional(),
    changed: listOut(
      z
        .object({ what: said('Which part of what was shown.'), change: said('What is different, in words.') })
        .meta({ description: 'One difference.' }),
      'For `context-changed`: what is different from what was shown.',
    ).optional(),
    names: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'Names of the ids above, as the directory has them.' }),
    errors: listOut(
      z
        .object({ at: said('Where in the request, or in the file.'), message: said('What was expected.') })
        .meta({ description: 'One thing that is wrong.' }),
      'Everything that is wrong with the form of the request, or of the files in it.',
    ).optional(),
    replayed: z
      .boolean()
      .optional()
      .meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
    request: idOut(
      'Id of the HTTP request in our own log; for faults and bugs.',
      '3f0c2a4e-6a9e-4a44-8f0e-0d7c0a6f5b11',
    ).optional(),
  })
  .meta({ id: 'Problem', description: 'Why the answer is no (RFC 9457).' })

export type ProblemView = z.output<typeof problem>
