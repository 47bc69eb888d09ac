import { expect, test } from 'vitest'
import { type DrawnPath, pathsSvg } from './paths.ts'

const hop = (label: string) => ({ label, against: false, said: 'says hr' })

function drawn(...paths: readonly DrawnPath[]): string {
  return pathsSvg({ title: 'two', subtitle: 'today', sections: [{ heading: 'no', good: false, paths }] })
}

function chainOf(count: number): DrawnPath {
  const nodes = Array.from({ length: count }, (_, n) => ({ id: `team_${n}`, name: `Team number ${n}` }))
  return { code: 'on-requesting-team', because: 'they are', nodes, links: nodes.slice(1).map(() => hop('part of')) }
}

/** Elements that are opened are closed, in order, and every attribute is quoted. */
function isWellFormed(svg: string): boolean {
  const open: string[] = []
  for (const [tag, closing, name = '', empty] of svg.matchAll(
    /<(\/?)([a-zA-Z]+)(?:\s[a-zA-Z:-]+="[^"<]*")*\s*(\/?)>/g,
  )) {
    if (tag.startsWith('</')) {
      if (open.pop() !== name) return false
    } else if (closing === '' && empty === '') open.push(name)
  }
  return open.length === 0
}

test('every node and every link of a path is there, with who says so and when it ended', () => {
  const svg = drawn({
    code: 'on-requesting-team',
    because: 'they share a team',
    nodes: [
      { id: 'per_a', name: 'Ann' },
      { id: 'team_x', name: 'Payments' },
      { id: 'per_b', name: 'Bob' },
    ],
    links: [
      { ...hop('member of'), until: '2026-11-10T08:00:00.000Z' },
      { ...hop('member of'), against: true },
    ],
  })
  for (const said of ['Ann', 'per_a', 'Payments', 'Bob', 'until 2026-11-10', 'says hr', 'on-requesting-team'])
    expect(svg).toContain(`>${said}</text>`)
  expect(svg.match(/marker-(?:start|end)=/g)).toEqual(['marker-end=', 'marker-start='])
  expect(svg).toContain('<g class="link ended">')
  expect(isWellFormed(svg)).toBe(true)
})

test('a long path goes on in the next row, and nothing stands outside of the picture', () => {
  const svg = drawn(chainOf(14))
  const [, width = '0', height = '0'] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []
  const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)]
  expect(boxes.length).toBeGreaterThan(14)
  for (const [, x = '', y = '', w = '', h = ''] of boxes) {
    expect(Number(x) + Number(w)).toBeLessThanOrEqual(Number(width))
    expect(Number(y) + Number(h)).toBeLessThanOrEqual(Number(height))
  }
  expect(new Set(boxes.map(([, , y]) => y)).size).toBeGreaterThan(2)
})

test('[B13] [B17] names are data: not markup, nothing hidden, nothing left out', () => {
  const name = `</text><script>alert(1)</script>" & '\u202e${'long '.repeat(60)}\u0430dmin`
  const svg = drawn({ code: 'x', because: '<b>&', nodes: [{ id: '"><svg onload="x', name }], links: [] })
  expect(svg).not.toMatch(/<script|onload="|\u202e|<b>/)
  expect(svg).toContain('\\u{202e}')
  expect(svg.match(/long/g)).toHaveLength(60)
  expect(isWellFormed(svg)).toBe(true)
})
