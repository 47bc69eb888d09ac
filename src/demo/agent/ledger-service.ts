/**
 * A small resource server, as somebody else would write it: it books one correction in the ledger for whoever the guard lets
 * through, signed in to the database as the account that the waiver was given for. A second one stands for another system.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { createGuard, type Guard, type GuardedUse, guarded } from '../../guard/index.ts'
import type { Target } from '../target.ts'

export interface LedgerService {
  readonly url: string
  stop(): Promise<void>
}

export interface ServiceOptions {
  readonly issuer: string
  readonly audience: string
  /** Its own token: it asks the installation at each use. */
  readonly token: () => Promise<string>
  readonly target: Target
}

export const tool = 'book_correction'
export const path = '/corrections'

/** The arguments of the tool. */
export interface Call {
  readonly account: number
  readonly amount_cents: number
}

export function booking(account: number, amountCents: number): string {
  return `insert into ledger.entries (account, amount_cents, note) values (${Number(account)}, ${Number(amountCents)}, 'correction')`
}

/** What a request would do, in the names of the policy's catalogue; anything else is nothing. */
async function describe(request: Request): Promise<GuardedUse | undefined> {
  const body: unknown = await request.json().catch(() => undefined)
  if (new URL(request.url).pathname !== path || typeof body !== 'object' || body === null) return undefined
  return { action: 'insert', resource: 'ledger.entries', tool, arguments: { ...body } }
}

export async function startLedgerService(options: ServiceOptions): Promise<LedgerService> {
  const server = createServer()
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const { issuer, audience, token, target } = options
  const guard: Guard = createGuard({ issuer, audience, online: { token } })
  const book = guarded(
    guard,
    describe,
    async (request, { account, waiver }) => {
      const { account: ledgerAccount, amount_cents: amount } = (await request.json()) as Call
      const session = await target.signIn(account)
      const answer = await session.ask(booking(ledgerAccount, amount))
      await session.close()
      return 'rows' in answer
        ? Response.json({ booked: amount, waiver })
        : Response.json({ code: 'database', detail: answer.refused }, { status: 502 })
    },
    url,
  )
  server.on('request', async (request, response) => {
    const answer = await book(await standard(request, url))
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  })
  return {
    url,
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

async function standard(request: IncomingMessage, origin: string): Promise<Request> {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  const body: unknown = await json(request).catch(() => ({}))
  return new Request(`${origin}${request.url ?? '/'}`, { method: 'POST', headers, body: JSON.stringify(body) })
}
