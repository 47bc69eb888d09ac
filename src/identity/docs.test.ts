import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { identitySchema, issuerSchema } from './config.ts'
import { authenticationProblem, authenticationProblemCodes } from './problem.ts'

const page = readFileSync(new URL('../../docs/operators/identity.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)
/** First and second cell of each row of the table under this heading. */
const rows = (heading: string) =>
  [
    ...(page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '').matchAll(/^\| `([^`|]+)`[^|]*\| ([^|]+?) \|/gm),
  ].map(([, first, second]) => [first, second])

describe('the page for operators', () => {
  test.each(examples)('shows a configuration that is accepted:\n%s', (text) => {
    expect(identitySchema.safeParse(parse(text)).error?.issues).toBeUndefined()
  })

  test('shows an example for each product it names, and one of workloads', () => {
    expect(examples).toHaveLength(6)
  })

  test('explains every key of an issuer, and no other', () => {
    const keys = rows('The configuration').map(([key]) => key)
    const known = Object.keys(issuerSchema.shape).filter((key) => key !== 'jwksFile' && key !== 'jwks')
    expect(keys.sort()).toEqual(known.sort())
  })

  test('explains every reason for a refusal, and no other', () => {
    const known = authenticationProblemCodes.map((code) => [code, authenticationProblem(code).kind])
    expect(rows('When a call is refused').sort()).toEqual(known.sort())
  })
})
