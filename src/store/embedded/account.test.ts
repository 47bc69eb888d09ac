import { expect, test } from 'vitest'
import { findAccount } from './account.ts'

const passwd = [
  'root:x:0:0:root:/root:/bin/bash',
  '# a comment',
  'nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin',
  'postgres:x:101:104:PostgreSQL:/var/lib/postgresql:/bin/bash',
  '',
].join('\n')

test('the dedicated account comes first, then postgres, then nobody', () => {
  expect(findAccount(passwd)).toEqual({ name: 'postgres', uid: 101, gid: 104 })
  expect(findAccount(`${passwd}countersign:x:990:991::/:/bin/false\n`)).toEqual({
    name: 'countersign',
    uid: 990,
    gid: 991,
  })
  expect(findAccount('nobody:x:65534:65533::/:/bin/false')).toEqual({ name: 'nobody', uid: 65534, gid: 65533 })
})

test('an account of that name which is root, or has no numbers, is no account', () => {
  expect(findAccount('postgres:x:0:0::/:/bin/sh')).toBeUndefined()
  expect(findAccount('postgres:x:00:0::/:/bin/sh\nnobody:x:abc:1::/:/bin/sh\npostgres')).toBeUndefined()
  expect(findAccount('')).toBeUndefined()
})
