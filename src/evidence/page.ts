/**
 * Evidence as one self-contained page for people: what held, what did not, how much was looked at, and pictures of the
 * figures. No script, no font, no picture from anywhere, and a content policy that would stop them.
 */
import { columnBars, hatch, rowBars, splitBar } from '../report/charts.ts'
import { document } from '../report/document.ts'
import { html, type Markup, nothing } from '../report/markup.ts'
import { count, counted } from '../report/numbers.ts'
import { controlOf, evidencedControls, type Framework } from './controls.ts'
import { requirementInWords } from './csv.ts'
import type { Examined } from './examine.ts'
import type { Spread, Week } from './figures.ts'
import type { EvidenceReport } from './report.ts'

export function evidencePage(report: EvidenceReport): string {
  const { period, installation } = report
  const title = `Evidence from ${day(period.start)} to ${day(period.end)}`
  return document(
    title,
    html`${hatch}<div class="page">${contents()}
<header><p class="brand">Countersign, evidence</p><h1>${title}</h1><p class="meta">${installation}; ${counted(report.records.length, 'recorded act')} in the period; made ${report.madeAt}</p></header>
${headline(report)}
<main>${controlsSection(report)}${frameworksSection(report)}${figuresSection(report)}${refusalsSection(report)}${methodSection(report)}</main></div>`,
  )
}

function contents(): Markup {
  const links = [
    ['headline', 'In short'],
    ['controls', 'Controls'],
    ['frameworks', 'By framework'],
    ['figures', 'Figures'],
    ['refusals', 'What was refused'],
    ['method', 'How it was examined'],
  ] as const
  return html`<nav class="contents" aria-label="Contents"><ol>${links.map(([id, text]) => html`<li><a href="#${id}">${text}</a></li>`)}</ol></nav>`
}

function headline({ examined, figures }: EvidenceReport): Markup {
  const of = (state: Examined['state']) => examined.filter((one) => one.state === state).length
  const [held, not, nothingThere] = [of('held'), of('did-not-hold'), of('nothing-to-examine')]
  const verdict =
    not === 0
      ? `Every one of the ${counted(held, 'control')} that could be examined held.`
      : `${counted(not, 'control')} of ${held + not} did not hold.`
  return html`<div class="headline" id="headline"><p>${verdict}</p></div>
<ul class="tiles">
${tile('Decided, half of them within', length(figures.decided.median), figures.decided.count === 0 ? '' : 'good')}
${tile('Access seen to be gone, half within', length(figures.removed.median), figures.removed.count === 0 ? '' : 'good')}
${tile('Approved, and denied', `${count(figures.approvals)}, ${count(figures.denials)}`, '')}
${tile('Refused attempts', count(figures.refusedAttempts), '')}
${tile('Removals still open', count(figures.removalsOpen), figures.removalsOpen === 0 ? 'good' : 'bad')}
${tile('Reviews overdue', count(figures.reviewsOverdue), figures.reviewsOverdue === 0 ? 'good' : 'bad')}
</ul>
<div class="card"><h3>Did the controls hold?</h3>${splitBar('Controls by result', [
    { label: 'held', shade: 'good', value: held, href: '#controls' },
    { label: 'did not hold', shade: 'bad', value: not, href: '#controls' },
    { label: 'nothing to examine', shade: 'unknown', value: nothingThere, href: '#controls' },
  ])}</div>`
}

function tile(label: string, figure: string, tone: string): Markup {
  return html`<li><a class="${tone}" href="#figures"><b>${figure}</b><span>${label}</span></a></li>`
}

const badges = {
  held: ['good', 'held'],
  'did-not-hold': ['bad', 'did not hold'],
  'nothing-to-examine': ['', 'nothing to examine'],
} as const satisfies Readonly<Record<Examined['state'], readonly [string, string]>>

/** What did not hold comes first. */
const order: readonly Examined['state'][] = ['did-not-hold', 'held', 'nothing-to-examine']

function controlsSection({ examined }: EvidenceReport): Markup {
  return html`<section id="controls"><h2>Controls</h2>${[...examined].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state)).map(controlCard)}</section>`
}

function controlCard({ control, looked, count: lookedAt, lapses, state }: Examined): Markup {
  const { must, answers } = controlOf(control)
  const [tone, badge] = badges[state]
  const said =
    state === 'nothing-to-examine'
      ? `No ${looked} in this period.`
      : `${count(lookedAt)} ${looked} examined${lapses.length === 0 ? '' : `, ${count(lapses.length)} not so`}.`
  return html`<section class="answer" id="${control.replace('/', '-')}"><h2><span class="q">${control}</span><span class="badge ${tone}">${badge}</span></h2>
<p>${must}</p><p class="meta">${said} Answers ${answers.map(requirementInWords).join(', ')}.</p>${lapseTable(lapses)}</section>`
}

function lapseTable(lapses: Examined['lapses']): Markup {
  if (lapses.length === 0) return nothing
  return html`<div class="rows"><table><thead><tr><th>Event</th><th>What it shows</th></tr></thead><tbody>${lapses.map(({ event, says }) => html`<tr><td>${event}</td><td>${says}</td></tr>`)}</tbody></table></div>`
}

function frameworksSection({ examined }: EvidenceReport): Markup {
  const states = new Map<string, Examined>(examined.map((one) => [one.control, one]))
  const rows = Object.entries(evidencedControls).flatMap(([control, { answers }]) => {
    const one = states.get(control)
    return one === undefined ? [] : answers.map((requirement) => ({ requirement, one }))
  })
  const byRequirement = [...Map.groupBy(rows, ({ requirement }) => requirementInWords(requirement))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  return html`<section id="frameworks"><h2>By framework</h2><div class="rows"><table><thead><tr><th>Framework</th><th>Requirement</th><th>Controls</th><th>Result</th></tr></thead><tbody>${byRequirement.map(
    ([, entries]) => {
      const requirement = entries[0]?.requirement ?? { framework: 'NIST SP 800-53' as Framework, id: '' }
      const [tone, badge] = badges[worst(entries.map(({ one }) => one.state))]
      return html`<tr><td>${requirement.framework}</td><td>${requirementInWords(requirement).slice(requirement.framework.length + 1)}</td><td>${entries.map(({ one }) => html`<a href="#${one.control.replace('/', '-')}">${one.control}</a> `)}</td><td><span class="badge ${tone}">${badge}</span></td></tr>`
    },
  )}</tbody></table></div></section>`
}

function worst(states: readonly Examined['state'][]): Examined['state'] {
  if (states.includes('did-not-hold')) return 'did-not-hold'
  return states.includes('held') ? 'held' : 'nothing-to-examine'
}

function figuresSection({ figures }: EvidenceReport): Markup {
  const { requests, approvals, narrowed, denials, lapses, activations, extensions, envelopesOpened, reviewsClosed } =
    figures
  return html`<section id="figures"><h2>Figures</h2>
<div class="card"><h3>Week by week</h3>${columnBars<Week>(
    'Decisions and refusals by week',
    figures.weeks,
    [
      { label: 'approved', shade: 'good', value: ({ approved }) => approved },
      { label: 'denied', shade: 'look', value: ({ denied }) => denied },
      { label: 'attempts refused', shade: 'bad', value: ({ refused }) => refused },
    ],
    ({ start }, place) => ({ name: `week from ${day(start)}`, ...(place % 4 === 0 ? { mark: day(start) } : {}) }),
  )}</div>
<div class="card"><h3>What was done</h3>${rowBars('Acts of the period', [
    { label: 'asked for', shade: 'plain', value: requests },
    { label: 'countersigned', shade: 'good', value: approvals },
    { label: 'narrowed first', shade: 'good', value: narrowed },
    { label: 'denied', shade: 'look', value: denials },
    { label: 'nobody decided', shade: 'unknown', value: lapses },
    { label: 'started', shade: 'plain', value: activations },
    { label: 'extended', shade: 'look', value: extensions },
    { label: 'envelopes opened', shade: 'look', value: envelopesOpened },
    { label: 'reviews closed', shade: 'good', value: reviewsClosed },
  ])}</div>
<div class="card"><h3>How long it took</h3><div class="rows"><table><thead><tr><th>From, to</th><th class="number">Counted</th><th class="number">Half within</th><th class="number">Nine of ten within</th><th class="number">Longest</th></tr></thead><tbody>${[
    ['asked, decided', figures.decided],
    ['started, ended', figures.open],
    ['ended, seen to be gone', figures.removed],
  ].map(([name, spread]) => spreadRow(name as string, spread as Spread))}</tbody></table></div></div>
<div class="card"><h3>By system</h3>${rowBars(
    'Requests by system',
    figures.bySystem.slice(0, 12).map(([label, value]) => ({ label, shade: 'plain', value })),
  )}</div></section>`
}

function spreadRow(name: string, { count: counted, median, slowestTenth, longest }: Spread): Markup {
  return html`<tr><td>${name}</td>${[count(counted), length(median), length(slowestTenth), length(longest)].map((text) => html`<td class="number">${text}</td>`)}</tr>`
}

function refusalsSection({ figures }: EvidenceReport): Markup {
  const { refusedFor } = figures
  const bars = refusedFor.slice(0, 15).map(([label, value]) => ({ label, shade: 'bad' as const, value }))
  return html`<section id="refusals"><h2>What was refused</h2>${
    bars.length === 0
      ? html`<p>Nothing was refused in this period.</p>`
      : html`<div class="card"><p>Attempts by the code of their refusal.</p>${rowBars('Refused attempts by code', bars)}</div>`
  }</section>`
}

function methodSection({ erasedCount, version }: EvidenceReport): Markup {
  return html`<section id="method"><h2>How it was examined</h2>
<p>Every state was computed again from the recorded events, from the first one on; no stored state was believed. What is still open is judged as of the end of the period. A control about which nothing happened is said to have nothing to examine; that is not a good result, and not a bad one.</p>
<p>${erasedCount === 0 ? 'No body of an event was erased.' : `${counted(erasedCount, 'event')} had its body erased; what it says could not be examined.`} Made by Countersign ${version}. That the events are the ones that were written is proven by the log, not by this page.</p></section>`
}

function day(instant: string): string {
  return instant.slice(0, 10)
}

const units = [
  ['day', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** @param seconds absent: there was nothing to measure */
function length(seconds: number | undefined): string {
  if (seconds === undefined) return '–'
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? ['s', 1]
  const amount = Math.round((seconds / size) * 10) / 10
  return `${amount} ${unit === 'day' && amount !== 1 ? 'days' : unit}`
}
