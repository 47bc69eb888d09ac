import { describe, expect, test } from 'vitest'
import { testKey } from '../../../test/notices/receiver.ts'
import { readSettings } from './settings.ts'

const values: Readonly<Record<string, string>> = {
  'env:KEY': testKey('key'),
  'env:NEXT': `${testKey('next')}\n`,
  'env:SHORT': 'whsec_c2hvcnQ=',
  'env:BARE': testKey('key').slice('whsec_'.length),
  'env:SLOPPY': `${testKey('key')}!`,
  'file:/run/ca.pem': 'the authority',
}
const secrets = (reference: string) => {
  const value = values[reference]
  if (value === undefined) throw new Error(`\`${reference}\`: there is nothing`)
  return value
}
const read = (settings: Readonly<Record<string, unknown>>) => readSettings({ secret: 'env:KEY', ...settings }, secrets)
const url = 'https://hooks.example.org/t/4711'

test('settings are read, with what is usual where nothing is said', () => {
  expect(read({ url })).toEqual({
    url: new URL(url),
    secrets: [testKey('key')],
    timeoutMillis: 10_000,
    allowPrivate: false,
  })
  const all = {
    url,
    secret: ['env:KEY', 'env:NEXT'],
    timeoutSeconds: 3,
    types: ['ReviewOverdue'],
    ca: 'file:/run/ca.pem',
  }
  expect(read(all)).toMatchObject({
    secrets: [testKey('key'), testKey('next')],
    timeoutMillis: 3_000,
    types: ['ReviewOverdue'],
    ca: 'the authority',
  })
})

test('plain http leads only to this machine, and only when that is said', () => {
  expect(() => read({ url: 'http://hooks.example.org/' })).toThrow('must be https')
  expect(() => read({ url: 'http://10.0.0.7/', allowPrivate: true })).toThrow('must be https')
  expect(() => read({ url: 'http://localhost.example.org/', allowPrivate: true })).toThrow('must be https')
  expect(() => read({ url: 'http://127.0.0.1:8080/' })).toThrow('allowPrivate: true')
  for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:9', '127.1', '2130706433']) {
    expect(read({ url: `http://${host}/`, allowPrivate: true }).url.protocol).toBe('http:')
  }
})

describe('an address that no receiver has is refused however it is written', () => {
  const hosts = [
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '0251.0376.0251.0376',
    '[::ffff:169.254.169.254]',
    '[::a9fe:a9fe]',
    '[64:ff9b::169.254.169.254]',
    '[fd00:ec2::254]',
    '100.100.100.200',
    '[fe80::1]',
    '0.0.0.0',
    '[::]',
    '255.255.255.255',
    '[ff02::1]',
    '[2002:7f00:1::]',
  ]
  test.each(hosts)('%s, also with allowPrivate', (host) => {
    for (const allowPrivate of [true, false]) {
      expect(() => read({ url: `https://${host}/latest/meta-data/`, allowPrivate })).toThrow('no address of a receiver')
    }
  })

  test.each([
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '127.0.0.1',
    '[::1]',
    '[fd12::1]',
    '[::ffff:10.1.2.3]',
  ])('%s, unless allowPrivate', (host) => {
    expect(() => read({ url: `https://${host}/` })).toThrow('allowPrivate: true')
    expect(read({ url: `https://${host}/`, allowPrivate: true }).allowPrivate).toBe(true)
  })
})

test('anything else that does not fit is named, and no secret is', () => {
  expect(() => read({ url: 'not an address' })).toThrow('no address')
  expect(() => read({ url: 'ftp://hooks.example.org/' })).toThrow('must be https')
  expect(() => read({ url: 'https://user:pw@hooks.example.org/' })).toThrow('names a user or a password')
  expect(() => read({ url, secret: testKey('key') })).toThrow('must be a reference')
  expect(() => read({ url, secret: [] })).toThrow('secret')
  expect(() => read({ url, secret: 'env:NOTHING' })).toThrow('there is nothing')
  expect(() => read({ url, timeoutSeconds: 0 })).toThrow('timeoutSeconds')
  expect(() => read({ url, timeoutSeconds: 31 })).toThrow('timeoutSeconds')
  expect(() => read({ url, types: [] })).toThrow('types')
  expect(() => read({ url, followRedirects: true })).toThrow('followRedirects')
  for (const secret of ['env:SHORT', 'env:BARE', 'env:SLOPPY']) {
    expect(() => read({ url, secret })).toThrow(`\`${secret}\` holds no webhook key`)
    expect(() => read({ url, secret })).not.toThrow(values[secret])
  }
})
