/** An installation whose agent has a live waiver, and as many processes that answer checks about it as are wanted. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Policy } from '../src/core/policy.ts'
import type { Conditions } from '../src/core/terms.ts'
import { handle } from '../src/engine/handle.ts'
import { readGuardrails } from '../src/guardrails/index.ts'
import { gatedPolicy, withGateway } from '../test/support/gated.ts'
import { termsFor } from '../test/support/life.ts'
import { type BenchInstallation, foundInstallation } from './installation.ts'

export const benchIssuer = 'https://issuer.example'
export const benchAudience = 'http://localhost'

export interface RuntimeInstallation extends BenchInstallation {
  /** A token of this account, for a while. */
  token(account: string): Promise<string>
  /** @returns the waiver, once its access is there. */
  live(workload: string, account: string, approver: string, parts?: LiveParts): Promise<string>
  node(): Promise<RuntimeNode>
}

export interface LiveParts {
  readonly resources?: readonly string[]
  readonly conditions?: Conditions
}

export interface RuntimeNode {
  readonly port: number
  stop(): Promise<void>
}

export async function foundRuntime(url: string, guardrails?: string): Promise<RuntimeInstallation> {
  const plain = runtimePolicy()
  const policy = guardrails === undefined ? plain : { ...plain, guardrails: guardrailsOf(guardrails, plain) }
  const installation = await foundInstallation(url, 0, { directory: withGateway, policy })
  installation.app.start()
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }
  return {
    ...installation,
    token: (account) =>
      new SignJWT({ client_id: account })
        .setProtectedHeader({ alg: 'ES256', kid: 'bench', typ: 'at+jwt' })
        .setIssuer(benchIssuer)
        .setSubject(account)
        .setAudience(benchAudience)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    live: (workload, account, approver, parts = {}) => live(installation, workload, account, approver, parts),
    node: () => nodeOf({ url, jwk }),
  }
}

function runtimePolicy(): Policy {
  const policy = gatedPolicy()
  const tier = policy.tiers.high as NonNullable<Policy['tiers'][string]>
  const extension = { ...tier.extension, countMax: 50, cumulativeSecondsMax: 1e6, distinctCountersigner: false }
  return { ...policy, tiers: { high: { ...tier, extension, offlineTokens: true, passkey: false } } }
}

function guardrailsOf(text: string, policy: Policy) {
  const read = readGuardrails([{ name: 'guardrails.cedar', text }], { types: {}, at: () => '' }, policy)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.guardrails
}

async function live(
  { app, person }: BenchInstallation,
  workload: string,
  account: string,
  approver: string,
  { resources = ['ledger.entries'], conditions = {} }: LiveParts,
): Promise<string> {
  const { machinery } = app
  const now = Date.now()
  const terms = termsFor({
    beneficiary: workload,
    access: { ...termsFor().access, account, resources },
    window: { start: new Date(now).toISOString(), end: new Date(now + 3_600_000).toISOString() },
    conditions,
  })
  const must = async (actor: string, command: Parameters<typeof handle>[1]['command'], waiver?: string) => {
    const handled = await handle(machinery, {
      actor: person(actor),
      command,
      ...(waiver === undefined ? {} : { waiver }),
    })
    if (handled.outcome === 'refused') throw new Error(`${handled.refusal.code} ${handled.refusal.message}`)
    return handled.waiver
  }
  const { id, digest } = await must('per_asker', { type: 'request', terms })
  await must(approver, { type: 'countersign', digest, acknowledges: [] }, id)
  await must('per_asker', { type: 'activate' }, id)
  while ((await machinery.store.waivers.find(id))?.activation?.confirmedAt === undefined)
    await new Promise((resolve) => setTimeout(resolve, 20))
  return id
}

async function nodeOf(options: object): Promise<RuntimeNode> {
  const script = fileURLToPath(new URL('runtime-node.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  if (value === undefined) throw new Error('a process that should answer checks ended without a word')
  return {
    ...JSON.parse(value),
    async stop() {
      const exited = once(child, 'exit')
      child.stdin.end()
      await exited
    },
  }
}
