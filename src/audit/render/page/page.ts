/**
 * The report as one self-contained page: no script, no font, no picture from anywhere, and a content policy that would
 * stop them. The first screen says what happened; ten questions follow; every number opens to its rows.
 */
import { hatch, rowBars, splitBar } from '../../../report/charts.ts'
import { document } from '../../../report/document.ts'
import { html, type Markup, nothing } from '../../../report/markup.ts'
import { count, counted, share } from '../../../report/numbers.ts'
import type { Answer } from '../../answers/answer.ts'
import { answersOf } from '../../answers/answers.ts'
import { conflictCounts } from '../../answers/approvals.ts'
import { headline } from '../../answers/headline.ts'
import { type AuditReport, figure } from '../../report.ts'
import { conflictWords } from '../../words.ts'
import { method, silences } from './method.ts'
import { monthBars } from './month-bars.ts'
import { approvers, byGroup, overTime } from './sections.ts'
import { stayLines } from './stays.ts'
import { figureList, type PageOptions, rowsOf, type Tables, tablesFor } from './tables.ts'

const optionsDefault: PageOptions = { rowsMax: 100 }

/** @returns the whole document. Equal reports give equal pages. */
export function htmlReport(report: AuditReport, options: Partial<PageOptions> = {}): string {
  const tables = tablesFor(report, { ...optionsDefault, ...options })
  const answers = answersOf(report)
  return document(
    titleOf(report),
    html`${hatch}<div class="page">${contents(answers)}${head(report)}${firstScreen(report)}
<main>${answers.map((answer, place) => answerSection(tables, answer, place + 1))}
${overTime(tables)}${byGroup(tables)}${approvers(tables)}${silences(tables)}${method(tables)}</main></div>`,
  )
}

function titleOf({ about }: AuditReport): string {
  return `What happened before: ${about.files.map(({ name }) => name.split(/[/\\]/).at(-1) ?? name).join(', ')}`
}

function head(report: AuditReport): Markup {
  const { about } = report
  const directory =
    about.directory === undefined
      ? 'no directory'
      : `${counted(about.directory.peopleCount, 'person', 'people')} in the directory${about.directory.coversFrom === undefined ? '' : `, complete from ${about.directory.coversFrom.slice(0, 10)}`}`
  const policy = about.policy === 'given' ? 'a policy of your own' : 'the strict default rules'
  return html`<header><p class="brand">Countersign, audit of the past</p><h1>${titleOf(report)}</h1><p class="meta">${counted(about.actsCount, 'act')} from ${about.first} to ${about.last}; ${directory}; judged by ${policy}</p></header>`
}

function firstScreen(report: AuditReport): Markup {
  const [bad, good] = [figure(report, 'not-independent'), figure(report, 'independent')]
  return html`<div class="headline" id="headline">${headline(report).map((sentence) => html`<p>${sentence}</p>`)}</div>${tiles(report)}
<div class="card"><h3>Were decisions independent?</h3>${splitBar('Decisions by conclusion', [
    { label: 'independent', shade: 'good', value: good.count, href: '#figure-independent' },
    { label: 'not independent', shade: 'bad', value: bad.count, href: '#figure-not-independent' },
    { label: 'unknown', shade: 'unknown', value: bad.unknownCount, href: '#unknown' },
  ])}</div>
<div class="card"><h3>How much access was there, and was it within its promise?</h3><p>Grants in force at the end of each month.</p>${monthBars(
    'Access in force by month',
    report.months,
    [
      { label: 'within the promised end', shade: 'plain', value: ({ inTime }) => inTime },
      { label: 'without an end', shade: 'look', value: ({ withoutEnd }) => withoutEnd },
      { label: 'after the promised end', shade: 'bad', value: ({ pastEnd }) => pastEnd },
      { label: 'end not known', shade: 'unknown', value: ({ endUnknown }) => endUnknown },
    ],
  )}</div>`
}

interface Tile {
  readonly code: string
  readonly held: number
  /** Of how many; 0 when nobody can say. */
  readonly of: number
  readonly noun: string
  readonly label: string
}

function tiles(report: AuditReport): Markup {
  const get = (code: string) => figure(report, code)
  const plain = (code: string, noun: string): Tile => {
    const { count: held, baseCount, label } = get(code)
    return { code, held, of: baseCount, noun, label }
  }
  const [late, open, inTime] = [get('removed-late'), get('open-past-end'), get('removed-in-time')]
  const broken = late.count + open.count
  const items: Tile[] = [
    plain('one-person', 'decisions'),
    plain('not-independent', 'decisions'),
    plain('no-end', 'grants'),
    { code: 'removed-late', held: broken, of: broken + inTime.count, noun: 'promised ends', label: 'were outlived' },
    plain('extended-after-end', 'extensions'),
    plain('standing', 'stays'),
  ]
  return html`<ul class="tiles">${items.map(tile)}</ul>`
}

function tile({ code, held, of, noun, label }: Tile): Markup {
  const tone = of === 0 ? '' : held === 0 ? 'good' : 'bad'
  const told = of === 0 ? `${noun} ${label}` : `${count(held)} of ${count(of)} ${noun} ${label}`
  return html`<li><a class="${tone}" href="#figure-${code}"><b>${of === 0 ? '?' : share(held, of)}</b><span>${told}</span></a></li>`
}

function contents(answers: readonly Answer[]): Markup {
  const links = [
    ['headline', 'In short'],
    ...answers.map(({ id, question }, place) => [`question-${id}`, `${place + 1}. ${question}`] as const),
    ['over-time', 'Over time'],
    ['groups', 'By team, entitlement and system'],
    ['approvers', 'Approvers'],
    ['unknown', 'What the history does not say'],
    ['method', 'How it was counted'],
  ] as const
  return html`<nav class="contents" aria-label="Contents"><ol>${links.map(([id, text]) => html`<li><a href="#${id}">${text}</a></li>`)}</ol></nav>`
}

function answerSection(tables: Tables, answer: Answer, number: number): Markup {
  const { id, question, tone, verdict, sentences, figures } = answer
  return html`<section class="answer" id="question-${id}"><h2><span class="q"><span class="n">${number}</span>${question}</span><span class="badge ${tone}">${verdict}</span></h2>
${sentences.map((sentence) => html`<p>${sentence}</p>`)}${extra(tables, answer)}${figureList(tables, figures)}</section>
`
}

/** What some questions show besides their figures. */
function extra(tables: Tables, { id }: Answer): Markup {
  const { report } = tables
  if (id === 'independence') return conflictList(tables)
  if (id === 'removal') return lateness(report)
  if (id === 'standing') return stayLines(report, 12)
  return nothing
}

function conflictList(tables: Tables): Markup {
  const counts = conflictCounts(tables.report.rows.act)
  if (counts.length === 0) return nothing
  return html`<h3>What was found against approvers</h3><div class="figures">${counts.map(({ code, rows }) => html`<details id="conflict-${code}"><summary><span class="dot grave"></span><b>${count(rows.length)}</b> <span class="of">${rows.length === 1 ? 'decision' : 'decisions'}:</span> the approver ${conflictWords[code]} <span class="of"><code>${code}</code></span></summary>${rowsOf(tables, 'act', rows)}</details>`)}</div>`
}

const delays = [
  ['up to a week', 7],
  ['up to a month', 30],
  ['up to three months', 91],
  ['up to a year', 365],
  ['longer', Number.POSITIVE_INFINITY],
] as const

function lateness({ rows }: AuditReport): Markup {
  const late = rows.grant.filter(({ outcome }) => outcome === 'removed-late' || outcome === 'open-past-end')
  if (late.length === 0) return nothing
  const bars = delays.map(([label, days], place) => {
    const least = delays[place - 1]?.[1] ?? -1
    return {
      label,
      shade: 'bad' as const,
      value: late.filter(({ daysLate }) => daysLate > least && daysLate <= days).length,
    }
  })
  return html`<h3>How late</h3>${rowBars('Grants by how long they outlived their end', bars)}`
}
