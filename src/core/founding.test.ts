/** Founders are people who are here, and one human being is one founder. */
import { describe, expect, test } from 'vitest'
import { directoryOf, noon, policyWith } from '../../test/support/directories.ts'
import { compileDirectory } from './compile.ts'
import { decideFounding, evolveFounding, type Founding, type FoundingCommand } from './founding.ts'

const founding: Founding = {
  version: 1,
  status: 'proposed',
  founders: ['per_a', 'per_b', 'per_c'],
  needed: 2,
  policy: 'sha256:p',
  accepted: [{ by: 'per_a', at: noon }],
  clockConfirmedBy: ['per_a'],
  clockJumps: 1,
}
const founded: Founding = { ...founding, status: 'founded' }
const people = 'per_a\nper_b\nper_c'

function act(was: Founding | undefined, command: FoundingCommand, who: string, text = '', clock = 'steady' as const) {
  const decision = decideFounding(was, command, factsFor(who, text, clock))
  if (decision.outcome === 'refused') return decision.refusal.code
  return decision.events.reduce<Founding | undefined>((state, event) => evolveFounding(state, event), was)
}

function factsFor(who: string, text: string, clock: 'steady' | 'went-backwards', clockJumps = 1) {
  const directory = compileDirectory(directoryOf(`${people}\n${text}`))
  return {
    now: noon,
    actor: { id: who, chain: [], signedInAt: noon },
    directory,
    policy: policyWith(),
    clock,
    clockJumps,
  }
}

const accept = (who: string, text = '', was = founding) => act(was, { type: 'accept', policy: 'sha256:p' }, who, text)
const confirm = (who: string, text = '', was = founded) => {
  const decision = decideFounding(was, { type: 'confirm-clock' }, factsFor(who, text, 'went-backwards'))
  return decision.outcome === 'refused' ? decision.refusal.code : decision.events[0]
}

const sharedAccount = 'acc_x belongs-to per_a\nacc_x belongs-to per_b'

describe('[two-step/distinct-people] [B03] one human being counts once', () => {
  test('two founders found', () => expect(accept('per_b')).toMatchObject({ status: 'founded' }))
  test.each(['per_a same-as per_b', 'per_b same-as per_a', sharedAccount])('accepting: %s', (text) => {
    expect(accept('per_b', text)).toBe('one-person-counts-once')
  })
  test.each(['per_a same-as per_b', sharedAccount])('confirming the clock: %s', (text) => {
    expect(confirm('per_b', text)).toBe('one-person-counts-once')
  })
  test('what comes out later counts too', () => {
    const both = [...founding.accepted, { by: 'per_b', at: noon }]
    const three = { ...founding, needed: 3, accepted: both }
    expect(accept('per_c', '', three)).toMatchObject({ status: 'founded' })
    expect(accept('per_c', 'per_a same-as per_b', three)).toMatchObject({ status: 'proposed' })
  })
  test('nobody is named twice', () => {
    const command = { type: 'propose', founders: ['per_a', 'per_b'], needed: 2, policy: 'sha256:p' } as const
    expect(act(undefined, command, 'countersign')).toMatchObject({ status: 'proposed' })
    expect(act(undefined, command, 'countersign', 'per_a same-as per_b')).toBe('terms-malformed')
  })
  test('delegating to each other makes nobody the same human being', () => {
    expect(accept('per_b', 'per_a delegates-to per_b')).toMatchObject({ status: 'founded' })
  })
})

describe('[B08] [B05] founders who are here, and outside the platform', () => {
  const gone = (person: string) => `${person} until 2026-11-01`
  test('who has left does not act', () => {
    expect(accept('per_b', gone('per_b'))).toBe('not-active-in-directory')
    expect(confirm('per_b', gone('per_b'))).toBe('not-active-in-directory')
  })
  test('who has left since no longer counts', () => {
    expect(accept('per_b', gone('per_a'))).toMatchObject({ status: 'proposed' })
    expect(confirm('per_b', gone('per_a'))).toMatchObject({ complete: false })
    expect(confirm('per_b')).toMatchObject({ complete: true })
  })
  test('the platform team alone founds nothing, under any name of theirs', () => {
    const platform = (name: string) => `per_a operates sys_countersign\n${name} operates sys_countersign`
    expect(accept('per_b', platform('per_b'))).toMatchObject({ status: 'proposed' })
    expect(accept('per_b', `${platform('per_d')}\nper_d same-as per_b`)).toMatchObject({ status: 'proposed' })
    expect(accept('per_b', 'per_a operates sys_countersign')).toMatchObject({ status: 'founded' })
  })
})

describe('[fail/closed] [B20] a word about the time', () => {
  const confirmAfter = (was: Founding, who: string, clockJumps: number) => {
    const facts = factsFor(who, '', 'went-backwards', clockJumps)
    const decision = decideFounding(was, { type: 'confirm-clock' }, facts)
    if (decision.outcome === 'refused') throw new Error(decision.refusal.message)
    return decision.events.reduce<Founding>((state, event) => evolveFounding(state, event), was)
  }
  test('does not survive that the clock jumps once more: both founders speak again', () => {
    const half = confirmAfter(founded, 'per_b', 2)
    expect(half).toMatchObject({ clockConfirmedBy: ['per_b'], clockJumps: 2 })
    expect(confirmAfter(half, 'per_a', 3)).toMatchObject({ clockConfirmedBy: ['per_a'], clockJumps: 3 })
    expect(confirmAfter(confirmAfter(half, 'per_b', 3), 'per_a', 3)).toMatchObject({ clockConfirmedBy: [] })
  })
  test('that was given before jumps were counted is no word about this one', () => {
    const { clockJumps: _, ...older } = founded
    expect(confirmAfter(older, 'per_b', 0)).toMatchObject({ clockConfirmedBy: ['per_b'] })
  })
})
