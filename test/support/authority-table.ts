/**
 * The authority table as text that an auditor reads and a reviewer compares: who may, who hears which refusal, and what is
 * the same everywhere said once. It lays out answers; who gets which is for the caller.
 */
import type { CommandType } from '../../src/core/waiver.ts'

/** `✔` or the code of a refusal, with what it rests on. */
export type Verdict = string

export interface Scene {
  readonly title: string
  /** Where the waiver is, in a sentence. */
  readonly says: string
  /** How each actor stands to it, in the order of the table. */
  readonly actors: readonly (readonly [id: string, standing: string])[]
  readonly answerOf: (actor: string, command: CommandType) => Verdict
}

export interface Group {
  readonly title: string
  readonly commands: readonly (readonly [CommandType, what: string])[]
}

interface Row {
  readonly actor: string
  readonly standing: string
  readonly answers: ReadonlyMap<CommandType, Verdict>
}

export const may = '✔'
const column = 32
const commonFrom = 4
const width = 120

export function authorityTable(head: string, scenes: readonly Scene[], groups: readonly Group[]): string {
  const commands = groups.flatMap((group) => group.commands.map(([command]) => command))
  const tables = scenes.map((scene) => ({ scene, rows: rowsOf(scene, commands) }))
  const always = sameEverywhere(tables.map(({ rows }) => rows))
  const told = [
    'The same in every state, whatever they try:',
    '',
    ...[...always].map(([actor, code]) => line('✘', code, standingOf(tables[0]?.rows ?? [], actor))),
    '',
    'The acts:',
    '',
    ...groups.flatMap((group) => group.commands.map(([command, what]) => `  ${command.padEnd(column)}${what}`)),
  ]
  const parts = tables.map(({ scene, rows }) =>
    sceneText(
      scene,
      rows.filter(({ actor }) => !always.has(actor)),
      groups,
    ),
  )
  return `${[head.trim(), told.join('\n'), ...parts].join('\n\n')}\n`
}

function rowsOf({ actors, answerOf }: Scene, commands: readonly CommandType[]): readonly Row[] {
  return actors.map(([actor, standing]) => ({
    actor,
    standing,
    answers: new Map(commands.map((command) => [command, answerOf(actor, command)])),
  }))
}

/** Whoever hears one and the same no to everything, in every scene. */
function sameEverywhere(tables: readonly (readonly Row[])[]): ReadonlyMap<string, Verdict> {
  const answers = new Map<string, Set<Verdict>>()
  for (const { actor, answers: own } of tables.flat())
    for (const answer of own.values()) answers.set(actor, (answers.get(actor) ?? new Set()).add(answer))
  const same = [...answers].filter(([, heard]) => heard.size === 1 && !heard.has(may))
  return new Map(same.map(([actor, heard]) => [actor, [...heard][0] as Verdict]))
}

function standingOf(rows: readonly Row[], actor: string): string {
  return rows.find((row) => row.actor === actor)?.standing ?? actor
}

function sceneText({ title, says }: Scene, rows: readonly Row[], groups: readonly Group[]): string {
  const standing = rows.map(({ actor, standing: how }) => `  ${actor.padEnd(18)}${how}`)
  const told = groups.map((group) => groupText(group, rows))
  return [`${'='.repeat(width)}\n${title.toUpperCase()}: ${says}\n`, ...standing, '', told.join('\n')].join('\n')
}

function groupText({ title, commands }: Group, rows: readonly Row[]): string {
  return [
    `── ${title} ${'─'.repeat(width - title.length - 4)}`,
    ...commands.map(([command]) => commandText(command, rows)),
  ].join('\n')
}

/** The commonest refusal, if it is common and says nothing of anybody in particular, is what everybody else hears. */
function commandText(command: CommandType, rows: readonly Row[]): string {
  const answerOf = ({ answers }: Row) => answers.get(command) ?? ''
  const heard = Map.groupBy(rows, (row) => codeIn(answerOf(row)))
  const refusals = [...heard].filter(([code]) => code !== may).sort(([a], [b]) => (a < b ? -1 : 1))
  const common = refusals
    .filter(([, of]) => of.length > commonFrom && of.every((row) => becauseIn(answerOf(row)) === ''))
    .sort(([, a], [, b]) => b.length - a.length)[0]?.[0]
  const yes = heard.get(may)
  return [
    `  ${command}`,
    ...(yes === undefined ? [] : [line('✔', 'may', names(yes))]),
    ...refusals.filter(([code]) => code !== common).map(([code, of]) => line('✘', code, withReasons(of, answerOf))),
    ...(common === undefined ? [] : [line('✘', common, heard.size === 1 ? 'everybody' : 'everybody else')]),
  ].join('\n')
}

function withReasons(rows: readonly Row[], answerOf: (row: Row) => Verdict): string {
  const byReason = Map.groupBy(rows, (row) => becauseIn(answerOf(row)))
  return [...byReason].map(([because, of]) => names(of) + (because === '' ? '' : ` (${because})`)).join('; ')
}

function names(rows: readonly Row[]): string {
  return rows.map(({ actor }) => actor).join(', ')
}

function codeIn(verdict: Verdict): string {
  return verdict.split(': ')[0] ?? verdict
}

function becauseIn(verdict: Verdict): string {
  return verdict.split(': ')[1] ?? ''
}

function line(mark: string, answer: Verdict, who: string): string {
  return `    ${mark} ${answer.padEnd(column - 4)}${who}`
}
