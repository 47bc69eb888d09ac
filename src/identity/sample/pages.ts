// What does somebody see who signs in to the sample? The list of people to be, the pages of the device flow, and what went
// wrong. Pages only show; what a form means is decided by whoever receives it.
import type { SamplePerson } from './cast.ts'
import { html, type Markup } from './html.ts'
import { type Page, page } from './page.ts'

export interface Choice {
  /** Where the forms go. */
  readonly action: string
  readonly clientName: string
  readonly people: readonly SamplePerson[]
  /** What was searched for; empty shows everybody. */
  readonly find: string
  /** Where the browser may be led after the choice, beside this very origin. */
  readonly leadsTo?: string | undefined
}

export function choosePage({ action, clientName, people, find, leadsTo }: Choice): Page {
  const shown = people.filter((person) => matches(person, find))
  const content = html`
<p>You are signing in to <strong>${clientName}</strong>.</p>
<form class="row" method="get" action="${action}" role="search">
<label>Find by name, team or title<input type="search" name="find" value="${find}" autocomplete="off"></label>
<button type="submit">Find</button>
</form>
<form method="post" action="${action}">
${shown.length === 0 ? html`<p class="wrong">Nobody in the sample organisation fits.</p>` : byTeam(shown)}
<h2>Nobody</h2>
<p><button type="submit" name="cancel" value="yes">Cancel this sign-in</button></p>
</form>`
  return page('Choose whom to be', content, leadsTo === undefined ? [] : [leadsTo])
}

export function enterCodePage(action: string, xsrf: string, code: string, problem: string | undefined): Page {
  const content = html`
${problem === undefined ? undefined : html`<p class="wrong" role="alert">${problem}</p>`}
<form class="row" method="post" action="${action}">
<input type="hidden" name="xsrf" value="${xsrf}">
<label>Code shown by the command line
<input name="user_code" value="${code}" autocomplete="off" autocapitalize="characters" spellcheck="false" required></label>
<button type="submit">Continue</button>
</form>`
  return page('Sign in a command line', content)
}

export function confirmCodePage(action: string, xsrf: string, code: string, clientName: string): Page {
  const content = html`
<p><strong>${clientName}</strong> asks to act for you, and shows this code:</p>
<p class="code">${code}</p>
<p>Go on only if you started this yourself and see the same code there.</p>
<form class="row" method="post" action="${action}">
<input type="hidden" name="xsrf" value="${xsrf}">
<input type="hidden" name="user_code" value="${code}">
<input type="hidden" name="confirm" value="yes">
<button type="submit">The codes are the same, continue</button>
<button type="submit" name="abort" value="yes">Cancel</button>
</form>`
  return page('Is this your command line?', content)
}

export function donePage(): Page {
  return page('Signed in', html`<p>The command line has what it needs. You can close this window.</p>`)
}

export function problemPage(title: string, lines: readonly string[]): Page {
  return page(title, html`${lines.map((line) => html`<p class="wrong">${line}</p>`)}`)
}

function byTeam(people: readonly SamplePerson[]): Markup {
  const teams = Map.groupBy(people, (person) => person.team ?? '')
  const names = [...teams.keys()].sort((a, b) => Number(a === '') - Number(b === '') || a.localeCompare(b))
  return html`${names.map(
    (team) => html`
<h2>${team === '' ? (teams.size === 1 ? 'People' : 'Without a team') : team}</h2>
<ul>${(teams.get(team) ?? []).map(
      ({ login, name, title }) => html`
<li><button type="submit" name="login" value="${login}">${name}<span>${title ?? login}</span></button></li>`,
    )}
</ul>`,
  )}`
}

function matches({ login, name, title, team }: SamplePerson, find: string): boolean {
  const wanted = find.trim().toLowerCase()
  return [login, name, title, team].some((text) => text?.toLowerCase().includes(wanted))
}
