import { expect, test } from 'vitest'
import { type Problem, parseYaml } from './yaml.ts'

function problems(text: string): readonly Problem[] {
  const read = parseYaml({ name: 'a.yaml', text })
  return 'problems' in read ? read.problems : []
}

function value(text: string): unknown {
  const read = parseYaml({ name: 'a.yaml', text })
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value.value
}

function at(text: string, path: readonly (string | number)[], part?: 'key' | 'value'): string {
  const read = parseYaml({ name: 'a.yaml', text })
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value.at(path, part)
}

test('plain values are what YAML 1.2 says they are, not what YAML 1.1 said', () => {
  expect(value('a: no\nb: on\nc: 1:30\nd: 0123\ne: 2026-11-22\nf:\ng: true')).toEqual({
    a: 'no',
    b: 'on',
    c: '1:30',
    d: 123,
    e: '2026-11-22',
    f: null,
    g: true,
  })
})

test('a key written twice is refused at the second one, however it is quoted', () => {
  expect(problems('a: 1\nb:\n  x: 1\n  "x": 2')).toEqual([
    { where: 'a.yaml:4:3', message: '`x` is written twice; keep one' },
  ])
})

test('keys that are not text are refused instead of being turned into text', () => {
  expect(problems('1: a\n[x]: b')).toEqual([
    { where: 'a.yaml:1:1', message: 'the key `1` is not text; put it in quotes' },
    { where: 'a.yaml:2:1', message: 'a key must be a plain word' },
  ])
})

test('tags and directives are refused', () => {
  expect(problems('a: !!set {x}\nb: !env SECRET')).toEqual([
    { where: 'a.yaml:1:10', message: 'tags such as `!!set` are not read; remove it' },
    { where: 'a.yaml:2:9', message: 'tags such as `!env` are not read; remove it' },
  ])
  expect(problems('%YAML 1.1\n---\na: yes')[0]?.message).toContain('directives')
})

test('several documents in one file are refused', () => {
  expect(problems('a: 1\n---\nb: 2')[0]?.message).toContain('several documents')
})

test('aliases repeat values, and are refused when they loop or explode', () => {
  expect(value('a: &x [1, 2]\nb: *x')).toEqual({ a: [1, 2], b: [1, 2] })
  expect(problems('a: *gone')).toEqual([{ where: 'a.yaml:1:4', message: 'no anchor `&gone` stands before this alias' }])
  expect(problems('a: &x\n  b: *x')).toEqual([{ where: 'a.yaml:2:6', message: '`*x` stands inside what it repeats' }])
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < 10; level++)
    bomb.push(`a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}*a${level - 1}]`)
  expect(problems(bomb.join('\n'))[0]?.message).toContain('aliases repeat more than 10000 values')
})

test('a merge key is an ordinary key, so that nothing arrives unseen', () => {
  expect(value('x: &x {a: 1}\ny:\n  <<: *x')).toEqual({ x: { a: 1 }, y: { '<<': { a: 1 } } })
})

test('`__proto__` is a key like any other and touches no prototype', () => {
  const read = value('__proto__: {polluted: true}') as object
  expect(Object.keys(read)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  expect({}).not.toHaveProperty('polluted')
})

test('broken syntax is reported at its place and never throws', () => {
  expect(problems('a: 1\n\tb: 2')[0]?.where).toMatch(/^a\.yaml:2:/)
  expect(problems('a: [1')).toHaveLength(1)
  expect(problems('['.repeat(100_000))[0]?.message).toBe('lists or mappings are nested too deeply')
  expect(problems('a: @x\n'.repeat(200)).length).toBeLessThanOrEqual(51)
})

test('places: values, keys, list items, and the nearest thing that exists', () => {
  const text = '# comment\ntiers:\n  high:\n    rank: 3\n    pools: [a, b]\n    empty:\n'
  expect(at(text, ['tiers', 'high', 'rank'])).toBe('a.yaml:4:11')
  expect(at(text, ['tiers', 'high', 'rank'], 'key')).toBe('a.yaml:4:5')
  expect(at(text, ['tiers', 'high', 'pools', 1])).toBe('a.yaml:5:16')
  expect(at(text, ['tiers', 'high', 'empty'])).toBe('a.yaml:6:5')
  expect(at(text, ['tiers', 'high', 'missing', 'deeper'])).toBe('a.yaml:3:3')
  expect(at(text, ['tiers', 'low'])).toBe('a.yaml:2:1')
})

test('places behind an alias are where the value was written', () => {
  expect(at('a: &x\n  b: 1\nc: *x', ['c', 'b'])).toBe('a.yaml:2:6')
})

test('an empty file has no value', () => {
  expect(value('')).toBeNull()
  expect(value('# nothing\n')).toBeNull()
})
