/** Somebody of the pools at one moment, beside one who would ask: on duty or not, and why they could not decide. */
import { z } from 'zod'
import { conflict } from './conflict.ts'
import { idOut, listOut } from './text.ts'

export const poolMember = z
  .object({
    person: idOut('Who.', 'per_ines'),
    onDuty: z.boolean().meta({ description: 'On duty then.' }),
    away: z.boolean().meta({ description: 'On leave or otherwise not there.' }),
    independent: z.boolean().meta({ description: 'Could decide.' }),
    conflicts: listOut(conflict, 'Why not.'),
  })
  .meta({ id: 'PoolMember', description: 'A member of the pools.' })
