/**
 * A picture of paths through the directory: who is connected with whom, through what, and who says so. Drawn from what it
 * is given and nothing else; no name is shortened, and none can become markup. It stands on its own, in light and dark.
 */
import { html, type Markup, nothing } from './markup.ts'

export interface PathNode {
  readonly id: string
  readonly name: string
}

export interface PathLink {
  /** In words: `member of`. */
  readonly label: string
  /** The relation leads from right to left. */
  readonly against: boolean
  /** Who says so. */
  readonly said: string
  /** When it ended; it goes on counting for a while. */
  readonly until?: string
}

export interface DrawnPath {
  readonly code: string
  readonly because: string
  /** One more than links; empty where there is only a sentence. */
  readonly nodes: readonly PathNode[]
  readonly links: readonly PathLink[]
}

export interface PathPicture {
  readonly title: string
  readonly subtitle: string
  readonly sections: readonly {
    readonly heading: string
    readonly good: boolean
    readonly paths: readonly DrawnPath[]
  }[]
}

const margin = 28
const widthMin = 760
/** A path that is longer goes on in the next row. */
const widthMax = 1_180
const lineHeight = 17
const charWidth = 7.3
const linePad = 13
const charsMax = 26
const rowGap = 22

export function pathsSvg({ title, subtitle, sections }: PathPicture): string {
  const parts: Markup[] = []
  let y = margin + 8
  let right = widthMin - margin
  const text = (content: string, className: string, step: number) => {
    y += step
    parts.push(html`<text x="${margin}" y="${y}" class="${className}">${content}</text>`)
    right = Math.max(right, margin + widthOf(content) * (className === 'title' ? 1.7 : 1.2))
  }
  text(title, 'title', 16)
  text(subtitle, 'quiet', 24)
  for (const { heading, good, paths } of sections) {
    text(heading, good ? 'heading good' : 'heading bad', 44)
    for (const path of paths) {
      y += 20
      parts.push(pill(path.code, margin, y))
      y += 40
      for (const line of linesOf(path.because, 120)) {
        parts.push(html`<text x="${margin}" y="${y}" class="because">${line}</text>`)
        right = Math.max(right, margin + widthOf(line))
        y += lineHeight + 2
      }
      const drawn = chain(path, y)
      parts.push(drawn.markup)
      right = Math.max(right, drawn.right)
      y = drawn.bottom
    }
  }
  const size = { width: Math.ceil(right + margin), height: Math.ceil(y + margin) }
  return `${
    html`<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title}">
<style>${{ html: style }}</style>
<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 1 L10 5 L0 9 z" class="head"/></marker></defs>
<rect width="${size.width}" height="${size.height}" class="ground"/>
${parts}
</svg>`.html
  }\n`
}

interface Drawn {
  readonly markup: Markup
  readonly right: number
  readonly bottom: number
}

interface Box {
  readonly lines: readonly string[]
  readonly id: string
  readonly width: number
  readonly height: number
  readonly kind: string
}

/** Boxes from left to right; a row that is full is followed by the next, its first link drawn anew. */
function chain({ nodes, links }: DrawnPath, top: number): Drawn {
  if (nodes.length === 0) return { markup: nothing, right: 0, bottom: top }
  const boxes = nodes.map(boxOf)
  const height = Math.max(...boxes.map((box) => box.height))
  const parts: Markup[] = []
  let [x, y, right] = [margin, top, 0]
  for (const [index, box] of boxes.entries()) {
    const link = links[index - 1]
    if (link !== undefined) {
      const room = linkWidth(link)
      if (x + room + box.width > widthMax) [x, y] = [margin, y + height + rowGap + 24]
      parts.push(arrow(link, x, x + room, y + height / 2))
      x += room
    }
    const isEnd = index === 0 || index === boxes.length - 1
    parts.push(drawBox(box, x, y + (height - box.height) / 2, isEnd))
    x += box.width
    right = Math.max(right, x)
  }
  return { markup: html`<g>${parts}</g>`, right, bottom: y + height + rowGap }
}

function boxOf({ id, name }: PathNode): Box {
  const lines = linesOf(name, charsMax)
  const ids = name === id ? '' : id
  const width = Math.max(96, 2 * linePad + Math.max(...lines.map(widthOf), widthOf(ids) * 0.86))
  const height = 2 * linePad + (lines.length + (ids === '' ? 0 : 1)) * lineHeight - 3
  return { lines, id: ids, width, height, kind: id.slice(0, id.indexOf('_')) }
}

function drawBox({ lines, id, width, height, kind }: Box, x: number, y: number, isEnd: boolean): Markup {
  const middle = x + width / 2
  const first = y + linePad + 11
  const kindClass = isKind(kind) ? kind : 'other'
  return html`<g class="node ${kindClass} ${isEnd ? 'end' : 'between'}"><rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="${kind === 'per' || kind === 'acc' ? 16 : 5}"/>${lines.map((line, index) => html`<text x="${px(middle)}" y="${px(first + index * lineHeight)}" class="name">${line}</text>`)}${id === '' ? nothing : html`<text x="${px(middle)}" y="${px(first + lines.length * lineHeight)}" class="id">${id}</text>`}</g>`
}

function arrow({ label, against, said, until }: PathLink, from: number, to: number, y: number): Markup {
  const [start, end] = [from + 5, to - 5]
  const middle = (from + to) / 2
  const below = until === undefined ? said : `until ${until.slice(0, 10)}`
  return html`<g class="link ${until === undefined ? 'current' : 'ended'}"><line x1="${px(start)}" y1="${px(y)}" x2="${px(end)}" y2="${px(y)}" ${{ html: against ? 'marker-start="url(#head)"' : 'marker-end="url(#head)"' }}/><text x="${px(middle)}" y="${px(y - 8)}" class="relation">${label}</text><text x="${px(middle)}" y="${px(y + 17)}" class="said">${below}</text>${until === undefined ? nothing : html`<text x="${px(middle)}" y="${px(y + 31)}" class="said">${said}</text>`}</g>`
}

function pill(code: string, x: number, y: number): Markup {
  return html`<rect x="${x}" y="${y}" width="${px(widthOf(code) + 22)}" height="24" rx="12" class="pill"/><text x="${x + 11}" y="${y + 16.5}" class="code">${code}</text>`
}

function linkWidth({ label, said, until }: PathLink): number {
  const below = until === undefined ? widthOf(said) * 0.86 : Math.max(110, widthOf(said) * 0.86)
  return Math.max(104, widthOf(label) + 26, below + 26)
}

/** Breaks at spaces where it can, and inside a word where it must: nothing is left out. */
function linesOf(text: string, max: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => piecesOf(one, max))) {
    if (line !== '' && [...line].length + 1 + [...word].length > max) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function piecesOf(word: string, max: number): readonly string[] {
  const characters = [...word]
  if (characters.length <= max) return [word]
  return Array.from({ length: Math.ceil(characters.length / max) }, (_, index) =>
    characters.slice(index * max, (index + 1) * max).join(''),
  )
}

/** Wide scripts take twice the room, and what cannot be seen is written out as `\u{…}`. */
function widthOf(text: string): number {
  const units = [...text].reduce((sum, character) => {
    const point = character.codePointAt(0) ?? 0
    if (/[\p{Cc}\p{Cf}\p{Cn}\p{Co}]/u.test(character)) return sum + 8
    return sum + (point > 0x2e7f ? 2 : 1)
  }, 0)
  return units * charWidth
}

function isKind(kind: string): boolean {
  return ['per', 'acc', 'team', 'wl', 'sys', 'rota'].includes(kind)
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

const style = `
svg { color-scheme: light dark; --ground: #fbfaf8; --card: #fff; --ink: #1d1f23; --quiet: #5d6370; --line: #8a919f; --bad: #b23b1e; --bad-soft: #f8e4dd; --good: #1f7a5c; --person: #24507f; --person-soft: #e4edf7; --team: #7a5a13; --team-soft: #faf0d6; --thing: #4c3f82; --thing-soft: #ece8f8; font: 13px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif }
@media (prefers-color-scheme: dark) { svg { --ground: #15171b; --card: #1d2025; --ink: #e8e8ea; --quiet: #a2a8b4; --line: #868d9b; --bad: #f0805f; --bad-soft: #3d221b; --good: #5cc3a0; --person: #8db8e8; --person-soft: #1d2b3b; --team: #e0b85c; --team-soft: #33290f; --thing: #b6a8ec; --thing-soft: #29243f } }
.ground { fill: var(--ground) } text { fill: var(--ink) } .title { font-size: 19px; font-weight: 650 } .quiet { fill: var(--quiet) }
.heading { font-size: 15px; font-weight: 600 } .heading.bad { fill: var(--bad) } .heading.good { fill: var(--good) } .because { fill: var(--quiet) }
.pill { fill: var(--bad-soft) } .code { fill: var(--bad); font: 600 12.5px ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace }
.node rect { fill: var(--thing-soft); stroke: var(--thing); stroke-width: 1.2 } .node.per rect, .node.acc rect { fill: var(--person-soft); stroke: var(--person) } .node.team rect, .node.rota rect { fill: var(--team-soft); stroke: var(--team) } .node.end rect { stroke-width: 2.6 }
.name, .id, .relation, .said { text-anchor: middle } .name { font-weight: 600 } .id, .said { font-size: 11px; fill: var(--quiet) } .relation { font-size: 12.5px }
.link line { stroke: var(--line); stroke-width: 1.6 } .link.ended line { stroke-dasharray: 5 4 } .link.ended .said:first-of-type { fill: var(--bad) } .head { fill: var(--line) }
`
