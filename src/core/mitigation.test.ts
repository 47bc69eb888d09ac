import { describe, expect, test } from 'vitest'
import { directoryOf, noon } from '../../test/support/directories.ts'
import { compileDirectory } from './compile.ts'
import { decideEvidence, type EvidenceFacts, evolveMitigation, withEvidence } from './mitigation.ts'
import type { MitigationRule } from './policy.ts'

const mitigation: MitigationRule = {
  id: 'ana-recount',
  holder: 'per_ana',
  rule: 'vendor-and-payment',
  control: 'recount',
  owner: 'per_otto',
  from: '2026-11-01T00:00:00.000Z',
  until: '2027-02-01T00:00:00.000Z',
  everySeconds: 7 * 86_400,
}
const directory = compileDirectory(directoryOf('per_ana\nper_otto\nper_gone until 2026-11-01\nwl_bot'))

function facts(parts: Partial<EvidenceFacts> & { readonly by?: string } = {}): EvidenceFacts {
  const actor = { id: parts.by ?? 'per_otto', chain: [] }
  return { now: noon, actor, directory, clock: 'steady', mitigation, digest: 'sha256:now', ...parts }
}

function refusedWith(parts: Parameters<typeof facts>[0]): string {
  const decision = decideEvidence('recounted', facts(parts))
  expect(decision.events.map(({ type }) => type)).toEqual([
    decision.outcome === 'refused' ? 'AttemptRefused' : 'MitigationEvidenced',
  ])
  return decision.outcome === 'refused' ? decision.refusal.code : 'accepted'
}

describe('evidence', () => {
  test('comes from whoever answers for the control, while the mitigation runs', () => {
    expect(refusedWith({})).toBe('accepted')
    expect(refusedWith({ by: 'per_ana' })).toBe('not-permitted')
    expect(refusedWith({ now: '2026-10-31T00:00:00.000Z' })).toBe('too-early')
    expect(refusedWith({ now: '2027-02-01T00:00:00.000Z' })).toBe('window-over')
  })

  test('[fail/closed] [B22] never from a workload, through one, or from somebody who has left', () => {
    expect(refusedWith({ by: 'wl_bot', mitigation: { ...mitigation, owner: 'wl_bot' } })).toBe('only-people-decide')
    expect(refusedWith({ actor: { id: 'per_otto', chain: ['wl_bot'] } })).toBe('only-people-decide')
    expect(refusedWith({ by: 'per_gone', mitigation: { ...mitigation, owner: 'per_gone' } })).toBe(
      'not-active-in-directory',
    )
    expect(refusedWith({ clock: 'went-backwards' })).toBe('clock-went-backwards')
  })

  test('[B18] is about the mitigation as it stood: a longer one, or another, begins anew', () => {
    const { events } = decideEvidence('recounted', facts())
    const record = events.reduce<ReturnType<typeof evolveMitigation> | undefined>(
      (before, event) => evolveMitigation(before, mitigation.id, event),
      undefined,
    )
    expect(withEvidence(mitigation, 'sha256:now', record).evidencedAt).toBe(noon)
    expect(withEvidence(mitigation, 'sha256:changed', record).evidencedAt).toBeUndefined()
    expect(withEvidence(mitigation, 'sha256:now', undefined).evidencedAt).toBeUndefined()
  })

  test('a refused attempt is a record and no evidence', () => {
    const { events } = decideEvidence('recounted', facts({ by: 'per_ana' }))
    const record = evolveMitigation(undefined, mitigation.id, events[0] as NonNullable<(typeof events)[0]>)
    expect(record).toEqual({ id: mitigation.id, version: 1, evidence: [] })
  })
})
