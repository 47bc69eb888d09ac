/**
 * Does a store keep the contract of `contract.ts`? One suite, run on every major version of PostgreSQL that Countersign
 * supports: on a real server, by two stores as if they were two processes, and past the domain by raw SQL.
 */
import { afterAll, beforeAll, describe } from 'vitest'
import type { MajorVersion } from '../../test/support/postgres.ts'
import { clock } from './contract/clock.contract.ts'
import { feed } from './contract/feed.contract.ts'
import { floor } from './contract/floor.contract.ts'
import { type Harness, openHarness } from './contract/harness.contract.ts'
import { installing } from './contract/installing.contract.ts'
import { locks } from './contract/locks.contract.ts'
import { memory } from './contract/memory.contract.ts'
import { schedule } from './contract/schedule.contract.ts'
import { scim } from './contract/scim.contract.ts'
import { sessions } from './contract/sessions.contract.ts'
import { together } from './contract/together.contract.ts'

export function storeContract(majorVersion: MajorVersion): void {
  describe(`the store on PostgreSQL ${majorVersion}`, () => {
    let harness: Harness
    beforeAll(async () => {
      harness = await openHarness(majorVersion)
    })
    afterAll(() => harness.close())
    const the = () => harness

    installing(majorVersion)
    floor(the)
    locks(the)
    together(the)
    feed(the)
    schedule(the)
    memory(the)
    clock(the)
    sessions(the)
    scim(the)
  })
}
