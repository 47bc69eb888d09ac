/** Who stands behind what a program asks for, and how far its reach goes: for whoever decides about it. */
import { z } from 'zod'
import { idOut, listOut, names, said } from './text.ts'

const impact = {
  tier: idOut('Tier of the policy.', 'high'),
  rank: z.number().meta({ description: 'The higher, the more harm can be done.' }),
}

const party = z
  .object({
    id: idOut('Who.', 'wl_reconciler'),
    kind: z.enum(['person', 'workload', 'rota', 'other']).meta({ description: 'What it is.' }),
    agent: z.boolean().meta({ description: 'Whether the directory calls it an agent.' }),
    part: z
      .enum(['requester', 'beneficiary', 'chain'])
      .meta({ description: 'What it is in this waiver. Whoever asks and benefits is told once, as the requester.' }),
    behind: listOut(
      z
        .object({
          id: idOut('A person, a team or another program.', 'team_settlement'),
          relation: said('How it stands to it: `owns`, `operates`, `created`, `can-change`, …'),
          source: said('Which source says so.'),
          until: said('When that ended; it goes on counting for a while.').optional(),
        })
        .meta({ description: 'Who stands behind it.' }),
      'Whoever owns, operates, made, sent or can change it, by the directory of now.',
    ),
    people: listOut(z.string(), 'Everybody who controls it, teams taken apart. They count as having asked.'),
  })
  .meta({ description: 'Who asks, who gets it, and through whom.' })

export const behind = z
  .object({
    parties: listOut(party, 'From the first of the chain to whoever asks, then whoever gets it.'),
    impact: z
      .object({
        asked: z.object(impact).meta({ description: 'Of what is asked.' }),
        highest: z
          .object({
            ...impact,
            waiver: idOut('Under which waiver.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
            holder: idOut('Who has it.', 'wl_reconciler'),
            system: idOut('On which system.', 'sys_ledger-db'),
            entitlement: idOut('What.', 'ledger-write'),
          })
          .meta({ description: 'The highest among all of them, with this one.' }),
        otherCount: z.int().meta({ description: 'Other countersigned waivers they have open at this moment.' }),
      })
      .meta({
        description:
          'The highest tier that anybody in this chain, or any program of the same people, has or would have.',
      }),
    names,
  })
  .meta({ id: 'Behind', description: 'Who stands behind a waiver, and the highest impact of the chain.' })

export type Behind = z.output<typeof behind>
