import { describe, expect, test } from 'vitest'
import { authenticationProblem, authenticationProblemCodes, challengeOf } from './problem.ts'

describe('the answer to a call that was refused', () => {
  test.each(authenticationProblemCodes)('%s says what is wrong in one plain sentence', (code) => {
    const { message } = authenticationProblem(code)
    expect(message).toMatch(/^[a-z][^.]*[^.]$/)
  })

  test('asks for a token, and says nothing of errors, when there was none', () => {
    expect(challengeOf(authenticationProblem('token-missing'))).toBe('Bearer realm="countersign"')
  })

  test('says that the token is no good, when a better one would help', () => {
    expect(challengeOf(authenticationProblem('token-expired'))).toBe(
      'Bearer realm="countersign", error="invalid_token", error_description="the token has expired; sign in again"',
    )
  })

  test.each(['account-unknown', 'keys-unreachable', 'directory-unavailable', 'delegation-unresolved'] as const)(
    'asks for nothing when no token would help: %s',
    (code) => {
      expect(challengeOf(authenticationProblem(code))).toBeUndefined()
    },
  )

  test('lets nothing out of its quotes', () => {
    const header = challengeOf(authenticationProblem('audience-wrong', 'a"b\\c\r\nset-cookie: x=é\u202e'))
    expect(header).toMatch(/error_description="[\x20\x21\x23-\x5b\x5d-\x7e]*"$/)
  })
})
