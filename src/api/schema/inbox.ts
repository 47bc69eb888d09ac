/** What waits for whoever asks, what they may not decide and why not, and what they have asked for themselves. */
import { z } from 'zod'
import { conflict } from './conflict.ts'
import { waiverKind } from './terms.ts'
import { count, idOut, instantOut, listOut, names, said } from './text.ts'
import { act } from './waiver.ts'
import { status } from './waiver-parts.ts'

const item = z
  .object({
    waiver: idOut('The waiver.', 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b'),
    kind: waiverKind,
    status,
    of: z
      .enum(['waiver', 'extension', 'resumption'])
      .optional()
      .meta({ description: 'What waits for a decision; absent when none does.' }),
    requester: idOut('Who asked.', 'per_maria'),
    beneficiary: idOut('Who gets the access.', 'per_maria'),
    system: idOut('The target.', 'sys_ledger-db'),
    entitlement: idOut('What is granted there.', 'ledger-write'),
    tier: idOut('The tier.', 'high'),
    window: z.object({ start: instantOut, end: instantOut }).meta({ description: 'From when to when.' }),
    reference: said('The incident, change or ticket it belongs to.').optional(),
    askedAt: instantOut,
    until: instantOut.optional().meta({ description: 'How long it may wait: then it is too late.' }),
    countersigned: count('Countersignatures so far.'),
    countersignersNeeded: count('How many it takes.'),
    questionsOpen: count('Questions of deciders that nobody has answered.'),
    acts: listOut(act, 'What waits for you; empty in what does not.'),
    pools: listOut(z.string(), 'Pools of yours that decide this: why it is with you.'),
    onDuty: z.boolean().meta({ description: 'You are on duty for one of these pools now.' }),
    because: said('Why you may not: the refusal code that would be the answer.').optional(),
    conflicts: listOut(conflict, 'Why you are not independent, with the path.').optional(),
  })
  .meta({ id: 'InboxItem', description: 'A waiver, as far as it matters in a list of what waits.' })

export const inbox = z
  .object({
    toMe: listOut(item, 'What waits for you, what ends soonest first.'),
    notMine: listOut(item, 'What waits for your pools and not for you, with the reason.'),
    asked: listOut(item, 'What you asked for, for yourself or for what you answer for, as long as it is open.'),
    moreNotMine: count('How many more of those were looked at, and are not shown: those that can wait longer.'),
    moreWaiting: count('How many more wait for your pools and were not looked at: those that can wait longest.'),
    moreAsked: count('How many more are open that you asked for: the oldest.'),
    nowAt: instantOut.meta({ description: 'When this was looked at.' }),
    names,
  })
  .meta({ id: 'Inbox', description: 'What waits for you. A hint: only the attempt itself decides.' })

export type Inbox = z.output<typeof inbox>
export type InboxItem = z.output<typeof item>
