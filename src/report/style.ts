// The look of the page. One file, light and dark by the reader's setting; nothing is loaded from anywhere.

export const style = `
:root { color-scheme: light dark;
  --ground: #fbfaf8; --card: #ffffff; --ink: #1d1f23; --quiet: #5d6370; --line: #e3e1dc; --accent: #24507f;
  --bad: #b23b1e; --bad-soft: #f8e4dd; --look: #a86a00; --look-soft: #faefd8; --good: #1f7a5c; --good-soft: #dff1ea;
  --none: #6b7080; --none-soft: #ececf0; --hatch: #a3a8b5; --plain: #7f9cbd; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #15171b; --card: #1d2025; --ink: #e8e8ea; --quiet: #a2a8b4; --line: #31353d; --accent: #8db8e8;
  --bad: #f0805f; --bad-soft: #3d221b; --look: #e0ab4c; --look-soft: #38301d; --good: #5cc3a0; --good-soft: #1b332b;
  --none: #a2a8b4; --none-soft: #2b2f36; --hatch: #868d9b; --plain: #6c8db3; } }
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif }
a { color: var(--accent) }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px }
.page { max-width: 82rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 4rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 3rem }
.page > * { min-width: 0 }
@media (min-width: 68rem) { .page { grid-template-columns: minmax(0, 1fr) 14rem } .page > * { grid-column: 1 }
  nav.contents { grid-column: 2; grid-row: 1 / span 99; position: sticky; top: 1.5rem; align-self: start } }
nav.contents { font-size: .875rem; line-height: 1.35 }
nav.contents ol { list-style: none; margin: 0; padding: 0; border-left: 2px solid var(--line) }
nav.contents li { margin: 0; padding: .3rem 0 .3rem .9rem }
nav.contents a { color: var(--quiet); text-decoration: none } nav.contents a:hover { color: var(--ink); text-decoration: underline }
@media (max-width: 67.99rem) { nav.contents { display: none } }
header .brand { font-size: .8125rem; letter-spacing: .04em; color: var(--quiet); margin: 0 0 .5rem }
h1 { font-size: clamp(1.6rem, 3.4vw, 2.3rem); line-height: 1.15; margin: 0 0 .4rem; letter-spacing: -.015em; overflow-wrap: anywhere; text-wrap: balance }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .6rem; letter-spacing: -.01em; text-wrap: balance }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem }
p { margin: .4rem 0; max-width: 46rem }
.meta { color: var(--quiet); font-size: .9rem; overflow-wrap: anywhere }
.headline { margin: 1.2rem 0 1.4rem } .headline p { font-size: clamp(1.05rem, 1.7vw, 1.25rem); line-height: 1.45; max-width: 52rem; margin: .45rem 0 }
.headline p:first-child { color: var(--quiet) }
.tiles { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: .7rem; margin: 0 0 1.2rem; padding: 0; list-style: none }
@media (max-width: 60rem) { .tiles { grid-template-columns: repeat(3, minmax(0, 1fr)) } } @media (max-width: 32rem) { .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)) } }
.tiles a { display: block; height: 100%; padding: .75rem .85rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; color: inherit; text-decoration: none; border-top: 4px solid var(--none) }
.tiles a:hover { border-color: var(--accent) } .tiles .bad { border-top-color: var(--bad) } .tiles .look { border-top-color: var(--look) } .tiles .good { border-top-color: var(--good) }
.tiles b { display: block; font-size: 1.65rem; line-height: 1.15; font-variant-numeric: tabular-nums; letter-spacing: -.02em } .tiles span { display: block; font-size: .8125rem; line-height: 1.35; color: var(--quiet); margin-top: .2rem }
section { margin: 2.4rem 0 0; min-width: 0 } section.answer { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.2rem clamp(1rem, 2.2vw, 1.6rem) 1.3rem; margin-top: 1rem }
.answer h2 { display: flex; gap: .8rem; align-items: baseline; justify-content: space-between; flex-wrap: wrap } .answer h2 .q { flex: 1 1 20rem } .answer h2 .n { color: var(--quiet); font-variant-numeric: tabular-nums; margin-right: .5rem; font-weight: 500 }
.badge { font-size: .8125rem; font-weight: 600; letter-spacing: 0; padding: .15rem .6rem; border-radius: 99px; white-space: nowrap; background: var(--none-soft); color: var(--none) }
.badge.bad { background: var(--bad-soft); color: var(--bad) } .badge.look { background: var(--look-soft); color: var(--look) } .badge.good { background: var(--good-soft); color: var(--good) }
details { border-top: 1px solid var(--line) } details:last-of-type { border-bottom: 1px solid var(--line) } .figures { margin-top: 1rem }
summary { cursor: pointer; padding: .5rem .2rem; list-style-position: outside; margin-left: 1.1rem; font-variant-numeric: tabular-nums }
summary b { font-weight: 650 } summary .of { color: var(--quiet) } summary:hover { color: var(--accent) }
.dot { display: inline-block; width: .6em; height: .6em; border-radius: 50%; background: var(--none); margin: 0 .5em 0 0 } .dot.grave { background: var(--bad) } .dot.look { background: var(--look) } .dot.good { background: var(--good) } .dot.plain { background: var(--plain) }
.zero { color: var(--quiet); font-size: .9rem; margin: .6rem 0 0; max-width: none }
.rule { font-size: .875rem; color: var(--quiet); margin: 0 0 .5rem 1.1rem; max-width: none } .rule code { font-size: .95em; color: var(--ink) }
.rows { overflow-x: auto; margin: 0 0 .9rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); content-visibility: auto; contain-intrinsic-size: auto 24rem; max-height: 34rem; overflow-y: auto }
table { border-collapse: collapse; font-size: .8125rem; line-height: 1.4; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere } td { min-width: 5.2rem } td:first-child { white-space: nowrap }
td small { display: block; color: var(--quiet); font-size: .75rem } td small.who { display: inline-block; min-width: 4.1rem } table.acts { table-layout: fixed; min-width: 54rem } table.acts td:first-child { white-space: normal } .found b { font-weight: 600 } .found .not-independent { color: var(--bad) } .found .independent { color: var(--good) } .found .unknown { color: var(--quiet) } table.acts th:nth-child(1) { width: 8rem } table.acts th:nth-child(2) { width: 7.6rem } table.acts th:nth-child(3) { width: 9.6rem } table.acts th:nth-child(4) { width: 11rem } table.acts th.reason { width: auto } table.acts th:last-child { width: 8rem } table.acts td { border-bottom: 0; padding-bottom: .2rem } table.acts tbody { border-bottom: 1px solid var(--line) } .evidence td { padding-top: 0; padding-bottom: .5rem !important } .evidence small { padding-left: .7rem; text-indent: -.7rem } .evidence small::before { content: "· " }
th { position: sticky; top: 0; background: var(--card); font-weight: 600; color: var(--quiet); white-space: nowrap; box-shadow: inset 0 -1px var(--line); border-bottom: 0 } th.number, td.number { text-align: right; min-width: 0 } tr:last-child td { border-bottom: 0 }
td details, td details:last-of-type { border: 0 } td summary { padding: 0; margin-left: 1rem }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem 1.2rem; margin: .8rem 0; min-width: 0 } .card h3 { margin: 0 0 .2rem } .card p { font-size: .875rem; color: var(--quiet); margin: 0 0 .6rem }
.chart { overflow-x: auto } .chart svg { display: block; width: 100%; min-width: 34rem; height: auto; font: 12px system-ui, sans-serif } .chart svg.small { min-width: 20rem; max-width: 46rem }
svg text { fill: var(--quiet) } svg text.ink { fill: var(--ink) } svg .axis { stroke: var(--line) } svg .bad { fill: var(--bad) } svg .look { fill: var(--look) } svg .good { fill: var(--good) } svg .plain { fill: var(--plain) } svg .unknown { fill: url(#hatch) } svg .tick { stroke: var(--card); stroke-width: 1.5 } svg .hatch-ground { fill: var(--none-soft) } svg .hatch-line { stroke: var(--hatch); stroke-width: 1.6 } svg a:hover rect { opacity: .75 }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; margin: .5rem 0 0; font-size: .8125rem; color: var(--quiet) } .legend svg { width: .8rem; height: .8rem; vertical-align: -.1em; margin-right: .4em }
.groups td:nth-child(1) { min-width: 11rem; white-space: normal }
.lines.of-2 { --columns: 2; --gap: .4rem; --least: 24rem } .lines.of-5 { --columns: 5; --gap: .4rem; --least: 34rem } .lines.of-9 { --columns: 9; --gap: .4rem; --least: 52rem } .lines.of-11 { --columns: 11; --gap: .22rem; --least: 59rem } .lines { overflow: auto; max-height: 34rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); margin: .6rem 0 } .lines .inner { min-width: var(--least) }
.line { display: grid; grid-template-columns: minmax(8rem, 1.9fr) repeat(var(--columns), minmax(4.25rem, 1fr)); gap: var(--gap); padding: .34rem .8rem; margin: 0; font-size: .8125rem; line-height: 1.35; font-variant-numeric: tabular-nums }
.line > span { text-align: right } .line > span:first-child { text-align: left; overflow-wrap: anywhere } .line.head { font-size: .72rem; position: sticky; top: 0; z-index: 1; background: var(--card); color: var(--quiet); font-weight: 600; align-items: end; border-bottom: 1px solid var(--line) }
.lines details:last-of-type { border-bottom: 0 } .lines .head + details { border-top: 0 } summary.line > span:first-child::before { content: "▸ "; color: var(--quiet) } details[open] > summary.line > span:first-child::before { content: "▾ " } .line.empty > span:first-child::before { content: "▸ "; visibility: hidden } .line.empty { border-top: 1px solid var(--line); color: var(--quiet) }
.lines .rows { margin: 0 .8rem .8rem } .lines .rule { margin: .3rem .8rem } .line .of { color: var(--quiet) } .lines details:target, .line:target { background: var(--look-soft) }
footer { margin-top: 3rem; color: var(--quiet); font-size: .875rem }
@media print { nav.contents { display: none } .rows { max-height: none; overflow: visible } section.answer, .card { break-inside: avoid } body { background: #fff } }
`
