import { randomBytes } from 'node:crypto'
import { majorVersions, postgresFor } from '../../../test/support/postgres.ts'
import { accessContract } from '../access.contract.ts'
import { openHarness } from './harness.contract.ts'

for (const major of majorVersions) {
  for (const shape of ['grant-role', 'membership'] as const) {
    accessContract(`postgres-role on PostgreSQL ${major}, shape ${shape}`, async () => {
      const server = await postgresFor(major)
      const { connection } = await server.createDatabase()
      return openHarness(connection, `t${randomBytes(4).toString('hex')}`, shape)
    })
  }
}
