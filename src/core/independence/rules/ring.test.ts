import { describe, expect, test } from 'vitest'
import { codesOf, daysAgo, judge, pathTo, policyWith } from '../../../../test/support/directories.ts'

/** `per_x for per_y, twice`: two countersignatures of per_x for per_y. */
function approvals(text: string, at = daysAgo(10)) {
  const lines = text.trim().split('\n')
  const decisions = lines.flatMap((line, i) => {
    const [countersigner = '', , asker = '', times = ''] = line.trim().split(/[ ,]+/)
    const count = times === 'twice' ? 2 : 1
    return Array.from({ length: count }, (_, n) => ({ countersigner, askedBy: [asker], at, event: `evt_${i}${n}` }))
  })
  return { history: { decisions } }
}

describe('reciprocal', () => {
  test('[B21] a pair that keeps approving each other needs one more', () => {
    const verdict = judge('', 'per_ann', approvals('per_asker for per_ann, twice'))
    expect(codesOf(verdict)).toEqual(['reciprocal'])
    expect(pathTo(verdict, 'reciprocal')).toBe('per_ann ←countersigned— per_asker')
    expect(verdict.conflicts[0]?.path[0]?.revision).toBe('evt_00')
    expect(verdict).toMatchObject({ independent: true, additionalCountersigners: 1 })
  })

  test('once is not yet keeping to', () => {
    const verdict = judge('', 'per_ann', approvals('per_asker for per_ann'))
    expect(verdict).toMatchObject({ independent: true, conflicts: [], additionalCountersigners: 0 })
  })

  test('approving the same asker again and again is no ring', () => {
    expect(judge('', 'per_ann', approvals('per_ann for per_asker, twice')).conflicts).toEqual([])
  })

  test('[B21] around three and around four', () => {
    const three = approvals('per_bob for per_ann, twice\nper_asker for per_bob, twice')
    expect(pathTo(judge('', 'per_ann', three), 'reciprocal')).toBe(
      'per_ann ←countersigned— per_bob ←countersigned— per_asker',
    )
    const four = approvals('per_bob for per_ann, twice\nper_eve for per_bob, twice\nper_asker for per_eve, twice')
    expect(pathTo(judge('', 'per_ann', four), 'reciprocal')).toBe(
      'per_ann ←countersigned— per_bob ←countersigned— per_eve ←countersigned— per_asker',
    )
  })

  test('[B21] the policy says how long a ring may be to be looked for, up to four', () => {
    const three = approvals('per_bob for per_ann, twice\nper_asker for per_bob, twice')
    const five = approvals(`
      per_bob for per_ann, twice
      per_eve for per_bob, twice
      per_dan for per_eve, twice
      per_asker for per_dan, twice`)
    const upTo = (ringMax: number) => policyWith({ reciprocal: { ringMax } })
    expect(judge('', 'per_ann', { ...three, policy: upTo(2) }).conflicts).toEqual([])
    expect(judge('', 'per_ann', { ...three, policy: upTo(3) }).additionalCountersigners).toBe(1)
    expect(judge('', 'per_ann', { ...five, policy: upTo(99) }).conflicts).toEqual([])
  })

  test('a ring with a weak link is none', () => {
    const weak = approvals('per_bob for per_ann, twice\nper_asker for per_bob')
    expect(judge('', 'per_ann', weak).conflicts).toEqual([])
  })

  test('[B21] [B02] approving under two names is approving twice', () => {
    const history = approvals('per_asker for per_ann\nper_other for per_ann2')
    const text = 'per_asker same-as per_other\nper_ann same-as per_ann2'
    expect(codesOf(judge(text, 'per_ann', history))).toEqual(['reciprocal'])
    expect(codesOf(judge('per_asker same-as per_other\nper_ann2', 'per_ann', history))).toEqual([])
  })

  test('[B21] with whoever owns the asking agent too', () => {
    const history = approvals('per_bob for per_ann, twice')
    const verdict = judge('per_bob owns wl_bot', 'per_ann', {
      ...history,
      matter: { requester: 'wl_bot', beneficiary: 'wl_bot' },
    })
    expect(pathTo(verdict, 'reciprocal')).toBe('per_ann ←countersigned— per_bob —owns→ wl_bot')
  })

  test('what lies before the window is forgotten, one decision counts once, and policy may ignore it all', () => {
    const old = approvals('per_asker for per_ann, twice', daysAgo(91))
    expect(judge('', 'per_ann', old).conflicts).toEqual([])
    const decision = { countersigner: 'per_asker', askedBy: ['per_ann', 'per_ann'], at: daysAgo(1), event: 'evt_1' }
    expect(judge('', 'per_ann', { history: { decisions: [decision, decision] } }).conflicts).toEqual([])
    const policy = policyWith({ reciprocal: { mode: 'ignore' } })
    expect(judge('', 'per_ann', { ...approvals('per_asker for per_ann, twice'), policy }).conflicts).toEqual([])
  })
})
