// One process of an installation that answers runtime checks, with a bare route beside it that echoes what it is sent:
//   node bench/runtime-node.ts '{"url": "postgres://…", "jwk": {…}}'
// Prints its port as one line of JSON when it is current; ends when its standard input does.
import type { AddressInfo } from 'node:net'
import { buildApi } from '../src/api/api.ts'
import { assemble, seenBy, tokenDesk, workloadKnower } from '../src/app.ts'
import { silent } from '../src/engine/logger.ts'
import { readPolicy } from '../src/files/policy.ts'
import { createTokenVerifier, issuerSchema } from '../src/identity/index.ts'
import { openStore } from '../src/store/store.ts'
import { memoryTarget } from '../test/support/memory-target.ts'
import { benchAudience, benchIssuer } from './runtime-installation.ts'

const { url, jwk } = JSON.parse(process.argv[2] ?? '{}')
const store = await openStore({ url, poolMax: 8 })
const app = assemble({ store, log: silent, sources: [], kinds: [memoryTarget().kind] })
const verifier = createTokenVerifier({
  issuers: [issuerSchema.parse({ key: 'bench', issuer: benchIssuer, jwks: { keys: [jwk] } })],
  audience: benchAudience,
  resolveAccount: async (_, login) =>
    login.startsWith('wl_')
      ? { workload: login, confirmed: true, conflicting: [] }
      : { person: login, confirmed: true, conflicting: [] },
  knowsWorkload: workloadKnower(app.machinery),
})
const api = buildApi({
  machinery: app.machinery,
  runtime: app.runtime,
  sources: [],
  publicUrl: benchAudience,
  tokens: tokenDesk(app, benchAudience),
  seen: seenBy(store),
  authenticate: ({ browser: _, ...credentials }) => verifier.authenticate(credentials),
  readPolicyFiles: readPolicy,
  checkPolicy: async () => ({ findings: [], tiers: [] }),
  natureOf: async () => undefined,
  ready: async () => ({ checks: [] }),
})
// The floor: a route of the same server that does nothing, with nothing in front of it.
api.post('/echo', async ({ body }) => body)
app.runtime.start()
await app.runtime.refresh()
await api.listen({ port: 0, host: '127.0.0.1' })
process.stdout.write(`${JSON.stringify({ port: (api.server.address() as AddressInfo).port })}\n`)
for await (const _ of process.stdin);
await api.close()
await app.stop()
await store.close()
