/** Question ten: is there a reason on record, and a person behind it? */

import { count, counted, share } from '../../report/numbers.ts'
import type { Figure } from '../figures/figure.ts'
import { type AuditReport, figure } from '../report.ts'
import type { Answer } from './answer.ts'

export function reasons(report: AuditReport): Answer {
  const [reason, reference, sponsor, machine, alone, decided] = [
    'no-reason',
    'no-reference',
    'no-sponsor',
    'machine-wrote',
    'machine-alone',
    'machine-decided',
  ].map((code) => figure(report, code)) as [Figure, Figure, Figure, Figure, Figure, Figure]
  const isSaid = [reason, reference].some(({ total, unknownCount }) => unknownCount < total)
  const missing = reason.count + (reason.unknownCount === reason.total ? reference.count : 0)
  return {
    id: 'reasons',
    question: 'Is there a reason on record, and a person behind it?',
    tone: missing + alone.count + decided.count > 0 ? 'bad' : !isSaid ? 'unknown' : sponsor.count > 0 ? 'look' : 'good',
    verdict: missing > 0 ? 'not always' : !isSaid ? 'not known' : 'there is',
    sentences: [
      ...lacking(reason, 'grant', 'have no reason on record'),
      ...lacking(reference, 'grant and change', 'name no ticket or other reference', 'grants and changes'),
      ...lacking(sponsor, 'grant', 'have nobody standing for the beneficiary'),
      ...(isSaid ? [] : ['The history records no reasons and no references.']),
      ...(machine.unknownCount === machine.total ? [] : [machines(machine, alone, decided)]),
    ],
    figures: ['no-reason', 'no-reference', 'no-sponsor', 'machine-wrote', 'machine-alone', 'machine-decided'],
  }
}

function machines(wrote: Figure, alone: Figure, decided: Figure): string {
  if (wrote.count + decided.count === 0) return 'No machine is known to have written or approved anything.'
  return `Machines wrote, or helped to write, ${counted(wrote.count, 'decision')}, ${count(alone.count)} of them alone; ${counted(decided.count, 'decision')} ${decided.count === 1 ? 'was' : 'were'} approved or put in force by one.`
}

function lacking({ count: held, total, unknownCount }: Figure, one: string, what: string, many = `${one}s`): string[] {
  const known = total - unknownCount
  return known === 0 ? [] : [`${count(held)} of ${counted(known, one, many)} (${share(held, known)}) ${what}.`]
}
