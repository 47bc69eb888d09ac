/** Whether the process lives, and whether it can do its work. */
import { z } from 'zod'
import { listOut, said, seconds } from './text.ts'

export const alive = z
  .object({ status: z.literal('alive').meta({ description: 'The process answers.' }) })
  .meta({ id: 'Alive', description: 'The process answers. Nothing else was asked.' })

export const ready = z
  .object({
    status: z.enum(['ready', 'not-ready']).meta({ description: 'Whether requests should be sent here.' }),
    checks: listOut(
      z
        .object({
          name: said('What was looked at.').meta({ examples: ['database'] }),
          state: z
            .enum(['ok', 'degraded', 'down'])
            .meta({ description: '`degraded` is worth a look; `down` means not ready.' }),
          detail: said('In a sentence.'),
          seconds: seconds('Its age or lag.').optional(),
        })
        .meta({ description: 'One thing that was looked at.' }),
      'Database, directory, clock, sweep, sequence.',
    ),
  })
  .meta({ id: 'Ready', description: 'Whether this process can do its work.' })

export type Alive = z.output<typeof alive>
export type Ready = z.output<typeof ready>
