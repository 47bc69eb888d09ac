/**
 * A relation as a sentence of three words, read left to right: `per_maria member-of team_payments`, with `until` and a
 * moment when it has ended. For case files, where a few facts are changed for the sake of one question.
 */
import { kindOf, type NodeKind, type Relation, type RelationKind } from '../core/directory.ts'
import { parseInstant } from '../core/time.ts'
import { didYouMean } from '../lib/nearest.ts'
import { inert } from './validate.ts'

const human = ['person', 'team'] as const
const controlled = ['workload', 'system'] as const

/** Which kinds may stand on either side. */
const sides: Readonly<Record<RelationKind, readonly [readonly NodeKind[], readonly NodeKind[]]>> = {
  'member-of': [['person'], ['team']],
  'part-of': [['team'], ['team']],
  maintains: [['person'], ['team']],
  'reports-to': [['person'], ['person']],
  'belongs-to': [['account'], ['person', 'workload']],
  'same-as': [['person'], ['person']],
  owns: [human, controlled],
  operates: [human, controlled],
  created: [['person'], ['workload']],
  'holds-credential-of': [human, controlled],
  'can-change': [human, ['workload']],
  'delegates-to': [['person', 'workload'], ['workload']],
  'delegate-of': [['person'], ['person']],
  administers: [human, ['system']],
  'on-rota': [['person'], ['rota']],
  sponsors: [['person'], ['person']],
}

/** @returns the relation, or what is wrong with the sentence. */
export function relationOf(sentence: string): Omit<Relation, 'source'> | { readonly problem: string } {
  const [from = '', relation = '', to = '', word, moment, ...rest] = sentence.split(' ')
  const until = moment === undefined ? undefined : parseInstant(moment.length === 10 ? `${moment}T00:00:00Z` : moment)
  if (to === '' || rest.length > 0 || (word !== undefined && (word !== 'until' || until === undefined))) {
    return { problem: `expected a sentence such as \`per_maria member-of team_payments\`, got \`${inert(sentence)}\`` }
  }
  if (!isRelation(relation))
    return { problem: `unknown relation \`${inert(relation)}\`${didYouMean(relation, Object.keys(sides))}` }
  const [left, right] = sides[relation]
  const wrong = misplaced(from, left) ?? misplaced(to, right)
  if (wrong !== undefined)
    return { problem: `\`${relation}\` cannot have \`${inert(wrong)}\` there; ids need their prefix` }
  return { from, relation, to, ...(until === undefined ? {} : { until }) }
}

function isRelation(word: string): word is RelationKind {
  return Object.hasOwn(sides, word)
}

function misplaced(id: string, kinds: readonly NodeKind[]): string | undefined {
  const kind = kindOf(id)
  return kind !== undefined && kinds.includes(kind) ? undefined : id
}
