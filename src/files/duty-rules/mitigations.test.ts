import { expect, test } from 'vitest'
import { readMitigations } from './mitigations.ts'

const file = (text: string, name = 'mitigations.yaml') => ({ name, text })
const entry = (parts: string) =>
  `mitigations:\n  m1: { holder: per_ana, rule: apart, control: recount, owner: otto, from: 2026-11-01, until: 2027-02-01, every: P7D${parts} }\n`

test('a mitigation has an owner, a cadence and an end', () => {
  expect(readMitigations([file(entry(', evidencedAt: "2026-11-20T08:00:00Z"'))])).toEqual({
    value: [
      {
        id: 'm1',
        holder: 'per_ana',
        rule: 'apart',
        control: 'recount',
        owner: 'per_otto',
        from: '2026-11-01T00:00:00.000Z',
        until: '2027-02-01T00:00:00.000Z',
        everySeconds: 7 * 86_400,
        evidencedAt: '2026-11-20T08:00:00.000Z',
      },
    ],
  })
})

test('[window/always-expires] one without an end is refused', () => {
  expect(readMitigations([file(entry('').replace(', until: 2027-02-01', ''))])).toEqual({
    problems: [{ where: 'mitigations.yaml:2:3', message: 'missing field `until`: expected text' }],
  })
})

test('one that could never hold is refused, with the place', () => {
  const problemsOf = (text: string) => {
    const read = readMitigations([file(text)])
    return 'problems' in read ? read.problems : []
  }
  const refused = (text: string, field: string, message: string) => {
    // The value stands one space behind its field.
    const column = text.split('\n')[1]?.indexOf(` ${field}: `) ?? 0
    expect(problemsOf(text)).toEqual([{ where: `mitigations.yaml:2:${column + field.length + 4}`, message }])
  }
  refused(entry('').replace('otto', 'ana'), 'owner', '`ana` holds the conflict; name somebody else')
  refused(entry('').replace('otto', 'team_audit'), 'owner', '`team_audit` is a team, expected a person')
  refused(entry('').replace('2027-02-01', '2026-11-01'), 'until', 'ends before it begins')
  refused(entry(', evidencedAt: 2026-10-01'), 'evidencedAt', 'is before the mitigation began')
})

test('one that stands in two files is told', () => {
  expect(readMitigations([file(entry('')), file(entry(''), 'more.yaml')])).toEqual({
    problems: [{ where: 'more.yaml:2:3', message: '`m1` stands at mitigations.yaml:2:3 as well; keep one' }],
  })
})
