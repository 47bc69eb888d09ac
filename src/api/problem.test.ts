import { expect, test } from 'vitest'
import { type RefusalCode, refusals } from '../core/refusal.ts'
import { TargetFault } from '../engine/targets.ts'
import { StoreFault, type StoreFaultCode } from '../store/fault.ts'
import { faultOf, faults, kinds, notAuthenticated, problem, refused, statusOfRefusal } from './problem.ts'

test('every refusal has one status, and every status belongs to a refusal', () => {
  expect(Object.keys(statusOfRefusal).sort()).toEqual(Object.keys(refusals).sort())
  for (const [code, status] of Object.entries(statusOfRefusal))
    expect([401, 403, 404, 409, 422], code).toContain(status)
})

test('codes are unique over all families, and no refusal passes for a fault or a bug', () => {
  const codes = kinds.map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
  for (const { family, status, code } of kinds) {
    if (family === 'refusal' || family === 'request') expect(status, code).toBeLessThan(500)
    if (family === 'fault') expect([502, 503], code).toContain(status)
    if (family === 'bug') expect(status, code).toBe(500)
  }
})

test('a refusal keeps its code and sentence; only a stale sign-in carries a challenge', () => {
  for (const code of Object.keys(refusals) as RefusalCode[]) {
    const { body, headers } = refused({ code, message: `${refusals[code]}: \`x\`` })
    expect(body).toEqual({
      title: refusals[code],
      status: statusOfRefusal[code],
      detail: `${refusals[code]}: \`x\``,
      code,
    })
    expect(Object.keys(headers), code).toEqual(code === 'sign-in-not-fresh' ? ['www-authenticate'] : [])
  }
})

test('faults say when to ask again, exactly when asking again can help', () => {
  for (const code of Object.keys(faults) as StoreFaultCode[]) {
    const fault = faultOf(
      (code as string) === 'target-unreachable' ? new TargetFault('inside') : new StoreFault(code, 'inside', true),
    )
    expect(fault?.body.code).toBe(code)
    expect(JSON.stringify(fault)).not.toContain('inside')
    expect('retry-after' in (fault?.headers ?? {}), code).toBe(fault?.body.status === 503)
  }
  expect(faultOf(new Error('a bug'))).toBeUndefined()
  expect(faultOf('thrown text')).toBeUndefined()
})

test('whoever is not recognised hears the reason, and a challenge where a better token would help', () => {
  const said = (kind: 'unauthenticated' | 'not-admitted' | 'unavailable', challenge?: string) =>
    notAuthenticated({
      problem: 'token-expired',
      kind,
      message: 'the token has expired',
      ...(challenge === undefined ? {} : { challenge }),
    })
  expect(said('unauthenticated')).toMatchObject({
    body: { status: 401, reason: 'token-expired' },
    headers: { 'www-authenticate': 'Bearer realm="countersign"' },
  })
  expect(said('unauthenticated', 'Bearer error="x"').headers).toEqual({ 'www-authenticate': 'Bearer error="x"' })
  expect(said('not-admitted')).toMatchObject({ body: { status: 403, code: 'not-admitted' }, headers: {} })
  expect(said('unavailable')).toMatchObject({ body: { status: 503 }, headers: { 'retry-after': '5' } })
})

test('what is said in detail stands beside the title, which is always the same', () => {
  expect(problem('not-found').body).toMatchObject({ status: 404, detail: 'there is nothing at this address' })
  expect(problem('not-found', 'no such page').body).toMatchObject({
    title: 'there is nothing at this address',
    detail: 'no such page',
  })
})
