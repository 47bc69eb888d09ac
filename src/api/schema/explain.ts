/** Why two are not independent: verdicts in both directions, with the paths for those who may see them. */
import { z } from 'zod'
import { verdict } from './conflict.ts'
import { idOut, instantOut, names, nodeId, said, systemId } from './text.ts'

export const explainQuery = z
  .strictObject({
    asker: nodeId.meta({ description: 'Who would ask: a person or a workload.', examples: ['per_maria'] }),
    decider: nodeId.meta({ description: 'Who would decide.', examples: ['per_tom'] }),
    system: systemId.exactOptional().meta({ description: 'The target, where it matters who runs it.' }),
  })
  .meta({ description: 'Which two.' })

export const explanation = z
  .object({
    asker: idOut('Who would ask.', 'per_maria'),
    decider: idOut('Who would decide.', 'per_tom'),
    system: idOut('The target.', 'sys_ledger-db').optional(),
    verdict: verdict.meta({ description: 'Whether the decider is independent of what the asker asks for.' }),
    otherWay: verdict.meta({ description: 'The other way round.' }),
    directory: said('Digest of the directory it was computed on.'),
    nowAt: instantOut,
    names,
  })
  .meta({ id: 'Explanation', description: 'Why two are not independent of each other, or that they are.' })

export type ExplainQuery = z.output<typeof explainQuery>
export type ExplanationView = z.output<typeof explanation>
