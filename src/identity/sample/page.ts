/**
 * What do the pages of the sample provider have in common? One frame that says on every page that this is a sample, one
 * style sheet inside the page, no script, and nothing from anywhere else. The policy header allows exactly that.
 */
import { hash } from 'node:crypto'
import { html, type Markup } from './html.ts'

export interface Page {
  readonly body: string
  /** For the header Content-Security-Policy. */
  readonly policy: string
}

export const pageHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`: with it browsers send `Origin: null` with forms, and the guard could not tell them apart.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** For answers that are not pages. */
export const closedPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const style = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5a6570; --paper: #ffffff; --line: #c9d0d6; --key: #1a56a8; --loud: #7a3e00; --loud-paper: #fff4e0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebee; --soft: #a3adb6; --paper: #15181b; --line: #3c454d; --key: #8ab8f5; --loud: #ffd699; --loud-paper: #3a2a10; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
.sample { margin: 0; padding: .6rem 1rem; background: var(--loud-paper); color: var(--loud); border-bottom: 1px solid currentcolor; font-weight: 600; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1rem; margin: 1.5rem 0 .25rem; color: var(--soft); }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .4rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr)); }
button, input { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .7rem; min-height: 2.75rem; }
button { cursor: pointer; border-color: var(--key); }
button:hover { background: color-mix(in srgb, var(--key) 14%, transparent); }
:focus-visible { outline: 3px solid var(--key); outline-offset: 2px; }
ul button { width: 100%; height: 100%; text-align: start; border-color: var(--line); }
ul button span { display: block; color: var(--soft); font-size: .9rem; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 0 0 1rem; }
.row label { flex: 1 1 12rem; } .row input { display: block; width: 100%; }
.code { font: 600 1.6rem/1.4 ui-monospace, monospace; letter-spacing: .08em; margin: .5rem 0; }
.wrong { border-inline-start: 4px solid var(--loud); padding-inline-start: .7rem; color: var(--loud); }
.soft { color: var(--soft); }
`

const styleSource = `'sha256-${hash('sha256', style, 'base64')}'`

/**
 * @param formTargets further origins to which the answer to a form may lead; browsers hold redirects after a form to
 *   `form-action` as well
 */
export function page(title: string, content: Markup, formTargets: readonly string[] = []): Page {
  const { markup } = html`
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – sample sign-in</title>
<style>${{ markup: style }}</style>
</head>
<body>
<p class="sample" role="note">SAMPLE sign-in: choose whom to be. There is no password, and this is never for real use.</p>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>`
  const targets = ["'self'", ...formTargets].join(' ')
  return {
    body: `<!doctype html>${markup}`,
    policy: `default-src 'none'; style-src ${styleSource}; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`,
  }
}
