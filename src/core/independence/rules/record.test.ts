import { describe, expect, test } from 'vitest'
import { codesOf, daysAgo, judge, pathTo } from '../../../../test/support/directories.ts'

describe('took-part-already', () => {
  test.each(['endorsed', 'countersigned', 'activated', 'provisioned'] as const)(
    '[independence/outside-granting-path] [two-step/distinct-people] [B03] who %s it takes no further part',
    (part) => {
      const verdict = judge('', 'per_ann', { matter: { took: [{ person: 'per_ann', part, event: 'evt_7' }] } })
      expect(codesOf(verdict)).toEqual(['took-part-already'])
      expect(pathTo(verdict, 'took-part-already')).toBe(`per_ann —${part}→ evt_7`)
    },
  )

  test('[B02] [B03] one person counts once, under whichever name', () => {
    const took = [{ person: 'per_ann2', part: 'endorsed' as const, event: 'evt_7' }]
    const verdict = judge('per_ann same-as per_ann2', 'per_ann', { matter: { took } })
    expect(pathTo(verdict, 'took-part-already')).toBe('per_ann —same as→ per_ann2 —endorsed→ evt_7')
  })

  test('[agent/owner-counts] what an agent started was started by its owner', () => {
    const took = [{ person: 'wl_bot', part: 'activated' as const, event: 'evt_7' }]
    const verdict = judge('per_ann owns wl_bot', 'per_ann', { matter: { took } })
    expect(pathTo(verdict, 'took-part-already')).toBe('per_ann —owns→ wl_bot —activated→ evt_7')
  })

  test('somebody else’s part is nobody else’s', () => {
    const took = [{ person: 'per_bob', part: 'endorsed' as const, event: 'evt_7' }]
    expect(judge('per_bob', 'per_ann', { matter: { took } }).independent).toBe(true)
  })
})

describe('loosened-the-rules', () => {
  const change = { author: 'per_ann', loosened: ['tier_high'], at: daysAgo(3), event: 'evt_r' }

  test('[rules/maker-checker] [B05] nobody decides by a rule they loosened', () => {
    const verdict = judge('', 'per_ann', { history: { ruleChanges: [change] } })
    expect(codesOf(verdict)).toEqual(['loosened-the-rules'])
    expect(pathTo(verdict, 'loosened-the-rules')).toBe('per_ann —changed rules→ tier_high')
  })

  test('[rules/maker-checker] [B02] under another name neither', () => {
    const text = 'acc_x belongs-to per_ann\nacc_x belongs-to per_ann2'
    const verdict = judge(text, 'per_ann2', { history: { ruleChanges: [change] } })
    expect(pathTo(verdict, 'loosened-the-rules')).toBe(
      'per_ann2 ←belongs to— acc_x —belongs to→ per_ann —changed rules→ tier_high',
    )
  })

  test('[rules/maker-checker] [B05] whoever loosened a guardrail decides about no access at all', () => {
    const guardrail = { ...change, loosened: ['guardrails'] }
    expect(codesOf(judge('', 'per_ann', { history: { ruleChanges: [guardrail] } }))).toEqual(['loosened-the-rules'])
    expect(judge('', 'per_bob', { history: { ruleChanges: [guardrail] } }).independent).toBe(true)
  })

  test('a rule this matter is not decided by does not count', () => {
    const other = { ...change, loosened: ['tier_low'] }
    expect(judge('', 'per_ann', { history: { ruleChanges: [other] } }).independent).toBe(true)
  })
})
