/** Who could decide in the coming hour, for one group, with everybody of the pools and why the others could not. */
import { z } from 'zod'
import { poolMember } from './pool-member.ts'
import { count, idOut, instantOut, listOut, names, nodeId, personId, systemId } from './text.ts'

export const standbyQuery = z
  .strictObject({
    group: nodeId.meta({ description: 'A team, a rota or a workload.', examples: ['team_payments'] }),
    system: systemId.exactOptional().meta({ description: 'Only what can be asked for on this system.' }),
  })
  .meta({ description: 'Whose.' })

export const standbyPictureQuery = z
  .strictObject({
    group: nodeId.meta({ description: 'A team, a rota or a workload.', examples: ['team_payments'] }),
    system: systemId.meta({ description: 'What would be asked for.' }),
    person: personId.meta({ description: 'Who would decide.' }),
  })
  .meta({ description: 'Whom it is about.' })

export const standby = z
  .object({
    group: idOut('Who could ask.', 'team_payments'),
    nowAt: instantOut,
    systems: listOut(
      z
        .object({
          system: idOut('What is asked for.', 'sys_ledger-db'),
          tier: idOut('In which tier: the one with the fewest people.', 'high'),
          pools: listOut(z.string(), 'Who decides it.'),
          asker: idOut('Whoever of them would be left most alone.', 'per_maria'),
          needed: count('How many are needed.'),
          count: count('Independent people on duty.'),
          callable: count('Independent people who are neither on duty nor away.'),
          at: instantOut.meta({ description: 'The worst moment of the coming hour.' }),
          people: listOut(poolMember, 'Those on duty first.'),
          peopleLeft: count('People of the pools beyond those shown.'),
        })
        .meta({ description: 'One system.' }),
      'One a system on which something can be asked for; none when nobody of the group would ask now.',
    ),
    names,
  })
  .meta({ id: 'Standby', description: 'Who could decide in the coming hour.' })

export type StandbyPictureQuery = z.input<typeof standbyPictureQuery>
export type StandbyQuery = z.input<typeof standbyQuery>
export type StandbyView = z.output<typeof standby>
