import { randomBytes } from 'node:crypto'
import { postgresFor } from '../../../test/support/postgres.ts'
import { accessContract } from '../access.contract.ts'
import { openHarness } from './harness.contract.ts'

// With keepers on 18, without on all the others.
for (const major of [17, 18] as const) {
  for (const shape of ['grant-role', 'membership'] as const) {
    accessContract(`postgres-role on PostgreSQL ${major}, shape ${shape}`, async () => {
      const { connection } = await (await postgresFor(major)).createDatabase()
      return openHarness(connection, `t${randomBytes(4).toString('hex')}`, shape, major === 18 ? 3 : 0)
    })
  }
}
