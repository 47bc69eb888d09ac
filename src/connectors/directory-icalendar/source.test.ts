import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compiledFrom, folderWith, problemsOf } from '../../../test/support/sources.ts'
import { onDuty } from '../../core/compile.ts'
import type { SourceSnapshot } from '../../core/directory.ts'
import { type DirectoryIcalendarOptions, directoryIcalendar } from './source.ts'

const fixture = join(import.meta.dirname, 'fixture/payments-primary.ics')
const now = '2026-11-22T12:00:00.000Z'

function sourceAt(calendar: string, more: Partial<DirectoryIcalendarOptions> = {}) {
  const common = {
    source: 'rota',
    staleAfterSeconds: 3_600,
    rota: 'payments',
    people: {},
    nobody: [],
    domain: 'example.org',
  }
  return directoryIcalendar({ by: 'attendee', ...common, calendar, ...more })
}

const shown = ({ shifts }: SourceSnapshot, from = '2000', to = '3000') =>
  shifts
    .filter(({ start, end }) => start < to && end > from)
    .map(({ person, start, end }) => `${person} ${start.slice(0, 16)} ${end.slice(0, 16)}`)
    .sort((a, b) => (a.slice(-33) < b.slice(-33) ? -1 : 1))

const calendar = (...events: readonly string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR', ''].join('\r\n')
const event = (...lines: readonly string[]) =>
  ['BEGIN:VEVENT', ...(lines.some((line) => line.startsWith('UID')) ? [] : ['UID:1']), ...lines, 'END:VEVENT'].join(
    '\r\n',
  )
const ann = 'ATTENDEE:mailto:ann@example.org'

async function read(text: string, more: Partial<DirectoryIcalendarOptions> = {}, at = now): Promise<SourceSnapshot> {
  return sourceAt(join(await folderWith({ 'a.ics': text }), 'a.ics'), more).read(at)
}

async function problems(text: string, more: Partial<DirectoryIcalendarOptions> = {}): Promise<readonly string[]> {
  const folder = await folderWith({ 'a.ics': text })
  return problemsOf(sourceAt(join(folder, 'a.ics'), more), now, folder)
}

describe('a rota of two people, with somebody standing in and a turn that was moved', () => {
  test('weeks by turns, one taken out and covered by another event, one changed', async () => {
    const snapshot = await sourceAt(fixture).read(now)
    expect(snapshot.nodes).toEqual([{ id: 'rota_payments', kind: 'rota', name: 'Payments, primary' }])
    expect(shown(snapshot, '2026-10-20', '2026-12-08')).toEqual([
      'per_bob 2026-10-19T08:00 2026-10-26T09:00',
      'per_ann 2026-10-26T09:00 2026-11-02T09:00',
      'per_bob 2026-11-02T09:00 2026-11-09T09:00',
      'per_cleo 2026-11-09T09:00 2026-11-16T09:00',
      'per_bob 2026-11-16T09:00 2026-11-23T09:00',
      'per_cleo 2026-11-23T13:00 2026-11-30T09:00',
      'per_bob 2026-11-30T09:00 2026-12-07T09:00',
      'per_ann 2026-12-07T09:00 2026-12-14T09:00',
    ])
  })

  test('in the spring clocks are put forward inside a turn, and the turn ends at nine all the same', async () => {
    expect(shown(await sourceAt(fixture).read('2026-03-20T00:00:00.000Z'), '2026-03-17', '2026-04-05')).toEqual([
      'per_ann 2026-03-16T09:00 2026-03-23T09:00',
      'per_bob 2026-03-23T09:00 2026-03-30T08:00',
      'per_ann 2026-03-30T08:00 2026-04-06T08:00',
    ])
  })

  test('who is on duty', async () => {
    const people = ['ann', 'bob', 'cleo'].map((name) => ({ id: `per_${name}`, kind: 'person' as const, name }))
    const snapshot = await sourceAt(fixture).read(now)
    const directory = compiledFrom(now, { ...snapshot, nodes: [...snapshot.nodes, ...people] })
    const at = (moment: string) => onDuty(directory, 'rota_payments', moment)
    expect(at('2026-11-23T08:59:59.000Z')).toEqual(['per_bob'])
    expect(at('2026-11-23T10:00:00.000Z')).toEqual([])
    expect(at('2026-11-23T13:00:00.000Z')).toEqual(['per_cleo'])
  })

  test('facts change with the calendar and on Mondays, the revision also not with the moment of the answer', async () => {
    const first = await sourceAt(fixture).read('2026-11-23T00:00:00.000Z')
    expect((await sourceAt(fixture).read('2026-11-29T23:00:00.000Z')).shifts).toEqual(first.shifts)
    const text = calendar(event('DTSTAMP:20261101T000000Z', 'DTSTART:20261101T000000Z', 'DURATION:PT8H', ann))
    const stamped = text.replace('DTSTAMP:20261101', 'DTSTAMP:20261122')
    expect((await read(stamped)).source.revision).toBe((await read(text)).source.revision)
    expect((await read(text.replace('PT8H', 'PT9H'))).source.revision).not.toBe((await read(text)).source.revision)
  })
})

describe('times', () => {
  const night = (zone: string) =>
    event(`DTSTART;TZID=${zone}:20260101T200000`, `DTEND;TZID=${zone}:20260102T080000`, 'RRULE:FREQ=DAILY', ann)

  test.each([
    ['Europe/London', '2026-03-28', ['2026-03-28T20:00 2026-03-29T07:00', '2026-03-29T19:00 2026-03-30T07:00']],
    ['Europe/London', '2026-10-24', ['2026-10-24T19:00 2026-10-25T08:00', '2026-10-25T20:00 2026-10-26T08:00']],
    ['America/New_York', '2026-03-29', ['2026-03-29T00:00 2026-03-29T12:00', '2026-03-30T00:00 2026-03-30T12:00']],
    ['America/New_York', '2026-10-25', ['2026-10-25T00:00 2026-10-25T12:00', '2026-10-26T00:00 2026-10-26T12:00']],
    ['America/New_York', '2026-11-01', ['2026-11-01T00:00 2026-11-01T13:00', '2026-11-02T01:00 2026-11-02T13:00']],
  ])('nights in %s from %s on, by the clock on the wall', async (zone, day, expected) => {
    const snapshot = await read(calendar(night(zone)), {}, `${day}T00:00:00.000Z`)
    const turns = shown(snapshot).map((turn) => turn.slice('per_ann '.length))
    const first = turns.indexOf(expected[0] as string)
    expect(turns.slice(first, first + 2)).toEqual(expected)
  })

  test('a zone that the calendar defines itself, as calendars of offices do', async () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:GMT Standard Time',
      'BEGIN:STANDARD',
      'DTSTART:16010101T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0000',
      'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:16010101T010000',
      'TZOFFSETFROM:+0000',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3',
      'END:DAYLIGHT',
      'END:VTIMEZONE',
    ].join('\r\n')
    for (const at of ['2026-03-20T00:00:00.000Z', '2026-10-20T00:00:00.000Z']) {
      const theirs = await read(calendar(zone, night('GMT Standard Time')), {}, at)
      expect(shown(theirs)).toEqual(shown(await read(calendar(night('Europe/London')), {}, at)))
    }
    expect(await problems(calendar(night('GMT Standard Time')))).toEqual([
      'a.ics:3:1: `GMT Standard Time` is no time zone, and the calendar does not define it',
    ])
    const broken = zone.replace('TZOFFSETTO:+0000', 'TZOFFSETTO:soon')
    expect(await problems(calendar(broken, night('GMT Standard Time')))).toEqual([
      expect.stringContaining('an offset or a beginning cannot be read'),
    ])
  })

  test('times without a zone are those of the source or the calendar, and otherwise of nobody', async () => {
    const floating = event('DTSTART:20261123T090000', 'DTEND:20261123T170000', ann)
    expect(await problems(calendar(floating))).toEqual([
      'a.ics:3:1: its times say no time zone; set `timeZone` for this source',
    ])
    expect(shown(await read(calendar(floating), { timeZone: 'America/New_York' }))).toEqual([
      'per_ann 2026-11-23T14:00 2026-11-23T22:00',
    ])
    expect(shown(await read(calendar('X-WR-TIMEZONE:Asia/Kolkata', floating)))).toEqual([
      'per_ann 2026-11-23T03:30 2026-11-23T11:30',
    ])
  })

  test('whole days, an end in another zone, and a register before the name of a zone', async () => {
    const day = event('DTSTART;VALUE=DATE:20261024', 'DTEND;VALUE=DATE:20261026', ann)
    expect(shown(await read(calendar(day), { timeZone: 'Europe/London' }))).toEqual([
      'per_ann 2026-10-23T23:00 2026-10-26T00:00',
    ])
    const flight = event(
      'DTSTART;TZID=Europe/London:20261123T090000',
      'DTEND;TZID=America/New_York:20261123T090000',
      ann,
    )
    expect(shown(await read(calendar(flight)))).toEqual(['per_ann 2026-11-23T09:00 2026-11-23T14:00'])
    const registered = event(
      'DTSTART;TZID=/mozilla.org/20050126_1/Europe/London:20260720T090000',
      'DURATION:PT1H',
      'RRULE:FREQ=YEARLY',
      ann,
    )
    expect(shown(await read(calendar(registered), {}, '2026-07-20T00:00:00.000Z'))).toEqual([
      'per_ann 2026-07-20T08:00 2026-07-20T09:00',
    ])
  })
})

describe('changes to a series', () => {
  const daily = (...more: readonly string[]) =>
    event('DTSTART:20261123T090000Z', 'DURATION:PT8H', 'RRULE:FREQ=DAILY;COUNT=4', ann, ...more)
  const turns = (snapshot: SourceSnapshot) => shown(snapshot).map((turn) => turn.replaceAll(/2026-11-|per_/g, ''))
  const instance = (id: string, ...lines: readonly string[]) => event(`RECURRENCE-ID${id}`, ...lines)

  test('dates taken out, each for itself, in any order and zone; dates added, with a length of their own', async () => {
    const text = daily(
      'EXDATE:20260101T090000Z,20261124T090000Z',
      'EXDATE;TZID=America/New_York:20261125T040000',
      'RDATE:20261201T090000Z',
      'RDATE;VALUE=PERIOD:20261202T090000Z/PT1H,20261203T090000Z/20261203T110000Z',
    )
    expect(turns(await read(calendar(text)))).toEqual([
      'ann 23T09:00 23T17:00',
      'ann 26T09:00 26T17:00',
      'ann 2026-12-01T09:00 2026-12-01T17:00',
      'ann 2026-12-02T09:00 2026-12-02T10:00',
      'ann 2026-12-03T09:00 2026-12-03T11:00',
    ])
    expect(turns(await read(calendar(daily('EXDATE;VALUE=DATE:20261124')), { timeZone: 'UTC' }))).toHaveLength(3)
  })

  test('a single time moved to somebody else, one called off, and all from one on', async () => {
    const bob = 'ATTENDEE:mailto:bob@example.org'
    const moved = instance(':20261124T090000Z', 'DTSTART:20261124T120000Z', 'DURATION:PT2H', bob)
    const off = instance(':20261125T090000Z', 'DTSTART:20261125T090000Z', 'DURATION:PT8H', 'STATUS:CANCELLED', ann)
    expect(turns(await read(calendar(daily(), moved, off)))).toEqual([
      'ann 23T09:00 23T17:00',
      'bob 24T12:00 24T14:00',
      'ann 26T09:00 26T17:00',
    ])
    const later = instance(';RANGE=THISANDFUTURE:20261124T090000Z', 'DTSTART:20261124T100000Z', 'DURATION:PT4H', bob)
    expect(turns(await read(calendar(daily(), later)))).toEqual([
      'ann 23T09:00 23T17:00',
      'bob 24T10:00 24T14:00',
      'bob 25T10:00 25T14:00',
      'bob 26T10:00 26T14:00',
    ])
    const all = daily('STATUS:CANCELLED')
    expect(turns(await read(calendar(all)))).toEqual([])
  })

  test('of several versions the newest counts, and two of one number are refused', async () => {
    const old = daily('SEQUENCE:1').replace('PT8H', 'PT1H')
    expect(turns(await read(calendar(old, daily('SEQUENCE:2'))))[0]).toBe('ann 23T09:00 23T17:00')
    expect(await problems(calendar(old, daily('SEQUENCE:1')))).toEqual(['a.ics:11:1: `1` is there twice, at a.ics:3:1'])
  })
})

describe('[B13] who is meant', () => {
  const once = (...lines: readonly string[]) => calendar(event('DTSTART:20261123T090000Z', 'DURATION:PT8H', ...lines))
  const people = async (text: string, more: Partial<DirectoryIcalendarOptions> = {}) =>
    (await read(text, more)).shifts.map(({ person }) => person)

  test('by address: named, or under the domain; whoever declined is not there, and rooms are nobody', async () => {
    expect(await people(once(ann, 'ATTENDEE:MAILTO:Bob@EXAMPLE.org', 'ATTENDEE;CUTYPE=RESOURCE:mailto:car@x'))).toEqual(
      ['per_ann', 'per_bob'],
    )
    expect(await people(once('ATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.org'))).toEqual([])
    const outside = once('ATTENDEE:mailto:Ann@vendor.example')
    expect(await people(outside, { people: { 'ann@vendor.example': 'per_vendor-ann' } })).toEqual(['per_vendor-ann'])
    expect(await people(outside, { nobody: ['ann@vendor.example'] })).toEqual([])
    expect(await problems(outside)).toEqual([
      'a.ics:3:1: who is `mailto:ann@vendor.example`? name them in `people` of this source, or in `nobody`',
    ])
  })

  test('look-alikes, other domains that end alike, and several signs are nobody we know', async () => {
    for (const address of [
      'аnn@example.org',
      'ann@evil-example.org',
      'ann@example.org.evil.example',
      'a@b@example.org',
      'ann*@example.org',
      'ann/x@example.org',
    ]) {
      expect(await problems(once(`ATTENDEE:mailto:${address}`)), address).toEqual([
        expect.stringMatching(/^a\.ics:3:1: who is/),
      ])
    }
    expect(await problems(once())).toEqual(['a.ics:3:1: nobody is invited to it, so nobody knows who is on duty'])
  })

  test('by title, exactly', async () => {
    const byTitle = { by: 'title' as const, people: { 'Ann on call': 'per_ann' }, nobody: ['Bank holiday'] }
    expect(await people(once('SUMMARY:Ann on call'), byTitle)).toEqual(['per_ann'])
    expect(await people(once('SUMMARY:Bank holiday'), byTitle)).toEqual([])
    expect(await problems(once('SUMMARY:ann on call\\u202e'), byTitle)).toEqual([expect.stringContaining('who is `')])
    expect(await problems(once(), byTitle)).toEqual([expect.stringContaining('has no title')])
  })

  test('who was on duty years ago, and is known to nobody any more, holds up nobody', async () => {
    const past = event('UID:2', 'DTSTART:20190101T000000Z', 'DURATION:PT8H', 'ATTENDEE:mailto:gone@elsewhere.example')
    expect(await people(calendar(past))).toEqual([])
  })
})

test('[fail/closed] what is no calendar, or says something that is not understood', async () => {
  expect(await problems('hello')).toEqual([expect.stringMatching(/^a\.ics:1:1: is no calendar: invalid line/)])
  expect(await problems('')).toEqual(['a.ics:1:1: is no calendar: it holds no `BEGIN:VCALENDAR`'])
  expect(await problems('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR')).toEqual([
    expect.stringContaining('is no calendar'),
  ])
  expect(await problems('BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nX:y')).toEqual([expect.stringContaining('is no calendar')])
  const wrong = (...lines: readonly string[]) => problems(calendar(event(...lines, ann)))
  expect(await wrong('DURATION:PT1H')).toEqual(['a.ics:3:1: its `DTSTART` is no moment'])
  expect(await wrong('DTSTART:20260230T090000Z', 'DURATION:PT1H')).toEqual(['a.ics:3:1: its `DTSTART` is no moment'])
  expect(await wrong('DTSTART:20261123T090000Z')).toEqual([expect.stringContaining('it has no end')])
  expect(await wrong('DTSTART:20261123T090000Z', 'DTEND:20261123T080000Z')).toEqual([
    'a.ics:3:1: it ends before it starts',
  ])
  expect(await wrong('DTSTART:20261123T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=HOURLY')).toHaveLength(1)
  expect(await wrong('DTSTART:20261123T090000Z', 'DURATION:PT1H', 'EXRULE:FREQ=DAILY')).toEqual([
    'a.ics:3:1: `EXRULE` is not understood',
  ])
  const often = 'RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15;BYMINUTE=0,5,10,15,20,25,30,35,40,45,50'
  expect(await wrong('DTSTART:20261123T090000Z', 'DURATION:PT1M', often)).toEqual([
    expect.stringContaining('too often'),
  ])
})

describe('from an address', () => {
  let server: Server
  let base = ''
  let answer: { status: number; body: string; headers?: Record<string, string> } = { status: 200, body: '' }
  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(answer.status, answer.headers).end(answer.body))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  test('the calendar is read, and what is wrong names the host and never the key in the address', async () => {
    answer = { status: 200, body: calendar(event('DTSTART:20261123T090000Z', 'DURATION:PT8H', ann)) }
    expect((await sourceAt(`${base}/secret-key.ics`).read(now)).shifts).toHaveLength(1)
    answer = { status: 200, body: calendar(event('DTSTART:20261123T090000Z', ann)) }
    expect(await problemsOf(sourceAt(`${base}/secret-key.ics`), now)).toEqual([
      `${base}:3:1: it has no end: neither \`DTEND\` nor \`DURATION\``,
    ])
    answer = { status: 404, body: 'gone' }
    expect(await problemsOf(sourceAt(`${base}/secret-key.ics`), now)).toEqual([`${base}: answered 404`])
    answer = { status: 302, body: '', headers: { location: 'https://elsewhere.example/' } }
    expect(await problemsOf(sourceAt(`${base}/secret-key.ics`), now)).toEqual([
      expect.stringMatching(/cannot be read: /),
    ])
    expect(await problemsOf(sourceAt('http://calendar.example/secret-key.ics'), now)).toEqual([
      expect.stringMatching(/^http:\/\/calendar\.example: is not read over a connection/),
    ])
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    expect(await problemsOf(sourceAt(`http://127.0.0.1:${port}/secret-key.ics`), now)).toEqual([
      `http://127.0.0.1:${port}: cannot be read: ECONNREFUSED`,
    ])
  })
})
