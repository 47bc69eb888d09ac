import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Block, blocksOf, type Expression } from './blocks.ts'

function blocks(text: string): readonly Block[] {
  const read = blocksOf('a.tf', text)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value
}

/** The value of the one attribute of the one block. */
function value(written: string): Expression | undefined {
  return blocks(`locals {\n  x = ${written}\n}\n`)[0]?.attributes[0]?.value
}

function problem(text: string): string {
  const read = blocksOf('a.tf', text)
  return 'problems' in read ? read.problems.map(({ where, message }) => `${where}: ${message}`).join('\n') : 'read'
}

/** Spelled apart, so that nobody takes it for a template of ours. */
const dollar = '$'

describe('values', () => {
  test('texts, numbers, truth values, lists and references', () => {
    expect(value(`"a\\n\\"b\\" \\u00e9 ${dollar}${dollar}{c} %%{d}"`)).toMatchObject({
      kind: 'text',
      value: `a\n"b" é ${dollar}{c} %{d}`,
    })
    expect(value('604800')).toMatchObject({ kind: 'number', value: 604_800 })
    expect(value('true')).toMatchObject({ kind: 'flag', value: true })
    expect(value('[\n  "a", # one\n  local.b, // two\n  /* three */ c.d["e f"].id,\n]')).toMatchObject({
      kind: 'list',
      items: [
        { kind: 'text', value: 'a' },
        { kind: 'reference', value: 'local.b' },
        { kind: 'reference', value: 'c.d["e f"].id' },
      ],
    })
    expect(value('module.team.users[0].id')).toMatchObject({ kind: 'reference', value: 'module.team.users[0].id' })
    expect(value('[]')).toMatchObject({ kind: 'list', items: [] })
  })

  test('what would have to be computed is kept as such, however it looks', () => {
    for (const written of [
      `"${dollar}{var.zone}"`,
      `"a ${dollar}{f("}")} b"`,
      'concat(local.a, [local.b])',
      '60 * 60',
      'var.x ? 1 : 2',
      '{ a = 1, b = [2] }',
      '[for u in local.users : u.id]',
      'local.a[*].id',
      'local.a[local.b]',
      '-1',
      '!true',
      '<<EOT\nanything } " at all\n  EOT',
      '<<-EOT\n  x\n  EOT',
      'merge({\n  a = 1\n}, local.b)',
    ]) {
      expect(value(written), written).toMatchObject({ kind: 'computed' })
    }
    expect(value('[local.a, f(local.b)]')).toMatchObject({ items: [{ kind: 'reference' }, { kind: 'computed' }] })
  })
})

test('blocks have labels, attributes and blocks inside, each with its place', () => {
  const [resource] = blocks('resource "t" "n" {\n  a = 1\n  inner {\n    b = "x"\n  }\n  inner {}\n}')
  expect(resource).toMatchObject({ type: 'resource', labels: ['t', 'n'], where: 'a.tf:1:1' })
  expect(resource?.attributes).toMatchObject([{ name: 'a', where: 'a.tf:2:3', value: { where: 'a.tf:2:7' } }])
  expect(resource?.blocks.map(({ where, attributes }) => [where, attributes.length])).toEqual([
    ['a.tf:3:3', 1],
    ['a.tf:6:3', 0],
  ])
})

test('[fail/closed] what is no Terraform is pointed at', () => {
  expect(problem('resource "a" {\n  x = "unended\n}')).toBe(
    'a.tf:2:7: a text that begins here does not end on its line',
  )
  expect(problem('resource "a" {\n  x = 1 y = 2\n}')).toBe(
    'a.tf:2:11: a second attribute on one line; give each its own',
  )
  expect(problem('resource "a" {\n  x = 1\n')).toBe(
    'a.tf:3:1: expected the name of a block or an attribute, got the end of the file',
  )
  expect(problem('x = 1\n')).toBe('a.tf:1:1: `x` stands outside of any block')
  expect(problem('locals {\n  a = 1\n  a = 2\n}')).toBe('a.tf:3:3: `a` is written twice; keep one')
  expect(problem('locals {\n  a = f(1]\n}')).toBe('a.tf:2:10: `]` closes nothing')
  expect(problem('locals {\n  a = f(1\n}\n')).toBe('a.tf:3:1: `}` closes nothing')
  expect(problem('locals {\n  a = §\n}')).toBe('a.tf:2:7: `§` is nothing Terraform knows')
  expect(problem(`locals {\n  a = ${'['.repeat(1000)}`)).toBe('a.tf:2:70: lists or blocks are nested too deeply')
  expect(problem('a {'.repeat(1000))).toMatch(/nested too deeply$/)
  expect(problem('locals {\n  a = <<EOT\nnever ends\n}')).toBe('a.tf:2:7: a text that begins here does not end')
})

test('no text makes the reader throw or run without end', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '(',
    '"',
    '\\',
    '${',
    '=',
    '\n',
    'a',
    '1',
    ',',
    '.',
    '<<E\n',
    '#',
    '/*',
    '*/',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const read = blocksOf('a.tf', pieces.join(''))
      expect('value' in read || read.problems.length > 0).toBe(true)
    }),
    { numRuns: 500 },
  )
})
