import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { histories } from '../../../../test/audit/random-history.ts'
import { audit, covering, placed, record } from '../../../../test/audit/support.ts'
import { csvCell } from '../../../report/sheet.ts'
import type { HistoryRecord } from '../../record.ts'
import { csvFiles } from '../csv.ts'
import { plainPage, textReport } from '../text.ts'
import { htmlReport } from './page.ts'

/** Names of all elements and attributes of a page, as a browser would find them. */
function markupOf(page: string): { readonly elements: Set<string>; readonly attributes: Set<string> } {
  const body = page.replace(/<style>[\s\S]*?<\/style>/, '<style></style>')
  const elements = new Set<string>()
  const attributes = new Set<string>()
  for (const [, name = '', inside = ''] of body.matchAll(/<\/?([A-Za-z!][^\s/>]*)((?:[^>"]|"[^"]*")*)>/g)) {
    elements.add(name.toLowerCase())
    for (const [, attribute = ''] of inside.matchAll(/([^\s"=/]+)(?:="[^"]*")?/g))
      attributes.add(attribute.toLowerCase())
  }
  return { elements, attributes }
}

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style><svg onload=alert(1)>',
  'javascript:alert(1)',
  '&lt;b&gt;',
  'a\u202Egnp.exe',
  'zero\u200Bwidth',
  'line\nbreak\u2028and\u0000nul',
  '\u001b[31mred\u001b[0m',
  '=HYPERLINK("http://x","y")',
  '`$' + '{1}`',
]

/** Whatever is in it that nobody would see. */
function unseenIn(text: string): string[] {
  return ['\u202E', '\u200B', '\u2028', '\u0000', '\u001b'].filter((character) => text.includes(character))
}

const everywhere = (text: string): HistoryRecord[] => [
  record({
    beneficiary: text,
    system: text,
    entitlement: text,
    team: text,
    change: text,
    askedBy: [text],
    approvedBy: [text, `${text}2`],
    enteredBy: text,
    reason: text,
    reference: text,
    sponsor: text,
  }),
  // Another spelling of the same team, which stands in an attribute.
  record({ beneficiary: 'x', team: `${text}.`, askedBy: ['x'] }),
  record({
    at: '2026-11-09',
    act: 'end-changed',
    beneficiary: text,
    system: text,
    entitlement: text,
    until: '2026-12-24',
  }),
]

const elementsOfOurs = markupOf(
  htmlReport(audit(everywhere('x'), { directory: covering(placed) }), { csvFolder: 'rows' }),
)

describe('[B17] text of others is inert', () => {
  test.each(hostile)('on the page: %j', (text) => {
    const directory = covering(placed)
    const named = {
      ...directory,
      facts: { ...directory.facts, nodes: directory.facts.nodes.map((node) => ({ ...node, name: text })) },
    }
    const page = htmlReport(audit([...everywhere(text), record({ approvedBy: ['ann'] })], { directory: named }), {
      csvFolder: text,
    })
    const { elements, attributes } = markupOf(page)
    const strange = [...elements].filter(
      (one) => !elementsOfOurs.elements.has(one) && !['i', 'h3', 'text', 'rect', 'title', 'a', 'g'].includes(one),
    )
    expect(strange).toEqual([])
    expect([...attributes].filter((one) => one.startsWith('on'))).toEqual([])
    expect(unseenIn(page)).toEqual([])
    expect([...page.matchAll(/href="([^"]*)"/g)].filter(([, to = '']) => !/^(#|\.\/)/.test(to))).toEqual([])
  })

  test.each(hostile)('on the terminal: %j', (text) => {
    const lines = textReport(audit(everywhere(text)), plainPage)
    expect(unseenIn(lines.join('').replaceAll('\n', '\0'))).toEqual([])
  })

  test.each(hostile)('in the spreadsheet: %j', (text) => {
    const files = csvFiles(audit(everywhere(text)))
    for (const file of Object.values(files)) {
      expect(unseenIn(file)).toEqual([])
      expect(file).not.toMatch(/(^|,|\n)"?[=+@]/)
    }
  })

  test('two different names never look the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 8 }), (a, b) => {
        fc.pre(a !== b && !a.startsWith("'") && !b.startsWith("'"))
        expect(csvCell(a)).not.toBe(csvCell(b))
      }),
    )
  })

  test('a spreadsheet runs nothing, and numbers stay numbers', () => {
    expect(['=1+1', '+1', '-x', '@a', ' =1', '|a', '-5', '1.5'].map(csvCell)).toEqual([
      "'=1+1",
      "'+1",
      "'-x",
      "'@a",
      "' =1",
      "'|a",
      '-5',
      '1.5',
    ])
  })
})

describe('the page', () => {
  const page = htmlReport(audit(everywhere('x'), { directory: covering(placed) }), { csvFolder: 'x-rows' })

  test('holds no script and loads nothing, and its policy says so', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    )
    expect(page).not.toMatch(/<script|<link|<iframe|<object|@import|url\((?!#)| style="| src="/)
    expect(page.match(/https?:/g)).toBeNull()
  })

  test('every link on it leads somewhere, and no id stands there twice', () => {
    fc.assert(
      fc.property(histories, (records) => {
        const some = htmlReport(audit(records))
        const ids = [...some.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id)
        expect(ids.length).toBe(new Set(ids).size)
        const missing = [...some.matchAll(/href="#([^"]*)"/g)]
          .map(([, id = '']) => id)
          .filter((id) => !ids.includes(id))
        // A figure that counts nothing has no rows to open, and its tile says so.
        expect(missing.filter((id) => !id.startsWith('figure-'))).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  test('stays quick: rows behind a figure are capped, with how many there are and where', () => {
    const many = Array.from({ length: 250 }, (_, index) =>
      record({ beneficiary: `p${index}`, approvedBy: ['ann'], askedBy: ['ann'] }),
    )
    const report = audit(many)
    const some = htmlReport(report, { rowsMax: 30, csvFolder: 'x-rows' })
    const figure = some.slice(some.indexOf('id="figure-one-person"'))
    expect(figure.slice(0, figure.indexOf('</details>')).match(/<tbody>/g)).toHaveLength(30)
    expect(figure).toContain('The first 30 of 250 acts are shown')
    expect(figure).toContain('<a href="./x-rows/acts.csv">acts.csv</a>')
    expect(csvFiles(report)['acts.csv']?.trim().split('\r\n')).toHaveLength(251)
    expect(some.length).toBeLessThan(htmlReport(report, { rowsMax: 250 }).length)
  })

  test('says unknown where the history is silent, and shows it hatched', () => {
    const silent = htmlReport(audit([record({ askedBy: undefined, approvedBy: undefined })]))
    expect(silent).toContain('the history does not say who approved')
    expect(silent).toContain('class="unknown"')
    expect(silent).not.toContain('class="independent"')
  })

  test('equal histories give equal pages', () => {
    expect(htmlReport(audit(everywhere('x')))).toBe(htmlReport(audit(everywhere('x'))))
  })
})
