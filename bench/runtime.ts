/**
 * Checks at every use: how many a second one process answers over HTTP beside a bare route that echoes the same body, how
 * long a guard takes for a token it never saw and for one it knows, and how long after the kill switch the last use is
 * let through on any of several processes.
 */
import { performance } from 'node:perf_hooks'
import { compactVerify, importJWK } from 'jose'
import { tokenDesk } from '../src/app.ts'
import { kill } from '../src/engine/kill.ts'
import { createGuard } from '../src/guard/index.ts'
import { type HttpAnswer, type Lanes, measure, openLane, requestBytes } from './http-lanes.ts'
import { benchAudience, foundRuntime, type RuntimeInstallation } from './runtime-installation.ts'

const lanes = 16

export interface CheckBench {
  readonly name: string
  readonly ours: Lanes
  readonly floor: Lanes
  /** Of the rates. */
  readonly ratio: number
}

const question = JSON.stringify({
  subject: { type: 'agent', id: 'wl_agent' },
  action: { name: 'update' },
  resource: { type: 'sys_ledger', id: 'ledger.entries' },
})

const guardrails = `@id("all") permit(principal, action, resource);
@id("night") forbid(principal, action, resource) when { context.hour >= 24 };
@id("team") forbid(principal in Team::"team_security", action, resource);`

/** @param url where databases of their own can be made */
export async function benchChecks(databases: () => Promise<string>, count: number): Promise<readonly CheckBench[]> {
  const plain = await checksOn(await databases(), count, 'a runtime check over HTTP, recorded as a use')
  const budget = await checksOn(await databases(), count, 'the same, counted against a budget', {
    usesMax: 1_000_000_000,
  })
  const guarded = await checksOn(await databases(), count, 'the same, with three guardrails in Cedar', {}, guardrails)
  return [plain, budget, guarded]
}

async function checksOn(
  url: string,
  count: number,
  name: string,
  conditions = {},
  cedar?: string,
): Promise<CheckBench> {
  const installation = await foundRuntime(url, cedar)
  try {
    await installation.live('wl_agent', 'agent_db', 'per_sam', { conditions })
    const node = await installation.node()
    try {
      const asked = [
        requestBytes('/access/v1/evaluation', question, {
          authorization: `Bearer ${await installation.token('wl_gate')}`,
        }),
      ]
      const echoed = [requestBytes('/echo', question)]
      const ours = (some: number) => measure(node.port, asked, { lanes, count: some, check: isYes })
      const floor = (some: number) => measure(node.port, echoed, { lanes, count: some, check: isAnswer })
      // Both sides warm; then in turns, so that whatever else the machine does happens to both.
      await ours(Math.ceil(count / 5))
      await floor(Math.ceil(count / 5))
      const turns: { readonly ours: Lanes; readonly floor: Lanes }[] = []
      for (let turn = 0; turn < 3; turn++) turns.push({ floor: await floor(count), ours: await ours(count) })
      const middle = turns.sort((a, b) => ratioOf(a) - ratioOf(b))[1] as (typeof turns)[number]
      return { name, ...middle, ratio: ratioOf(middle) }
    } finally {
      await node.stop()
    }
  } finally {
    await installation.close()
  }
}

function ratioOf({ ours, floor }: { readonly ours: Lanes; readonly floor: Lanes }): number {
  return ours.perSecond / floor.perSecond
}

function isAnswer({ status, body }: HttpAnswer): void {
  if (status !== 200) throw new Error(body)
}

/** On a machine that is busy with other things a process may not keep up for a moment; then it says so, and no. */
function isYes(answer: HttpAnswer): void {
  isAnswer(answer)
  if (answer.body.includes('"reason":"state-not-current"')) return
  if (!answer.body.startsWith('{"decision":true')) throw new Error(answer.body)
}

export interface GuardBench {
  readonly name: string
  readonly micros: number
  readonly floorMicros: number
}

/** @param count how many tokens that were never seen; known ones are asked about a hundred times as often */
export async function benchGuard(url: string, count: number): Promise<readonly GuardBench[]> {
  const installation = await foundRuntime(url)
  try {
    await installation.live('wl_bot', 'bot_db', 'per_sam', { resources: ['ledger.accounts'] })
    const { app } = installation
    app.runtime.start()
    await app.runtime.refresh()
    const desk = tokenDesk(app, benchAudience)
    const given: string[] = []
    for (let n = 0; n < count; n++) {
      const answer = await desk.give({ id: 'wl_bot', chain: [] }, { system: 'sys_ledger' })
      if ('no' in answer) throw new Error(JSON.stringify(answer))
      given.push(answer.token)
    }
    const guard = createGuard({
      issuer: benchAudience,
      audience: 'sys_ledger',
      rememberedCountMax: count + 1,
      fetch: async (address) => {
        const list = /\/oauth\/status\/(\d+)$/.exec(address)?.[1]
        if (list === undefined) return Response.json(await desk.keys.published())
        const answer = await desk.statusList(Number(list))
        if (answer === undefined || answer === 'none') throw new Error('there is no list')
        return new Response(answer.token)
      },
    })
    const use = { action: 'update', resource: 'ledger.accounts' }
    const check = async (token: string) => {
      const answer = await guard.check({ authorization: `Bearer ${token}` }, use)
      if (!answer.allowed) throw new Error(answer.reason)
    }
    await check(given.shift() as string)
    const [key] = (await desk.keys.published()).keys
    const imported = await importJWK({ ...key } as never, 'ES256')
    const bare = await microsEach(given, (token) => compactVerify(token, imported))
    const cold = await microsEach(given, check)
    const again = await microsEach(Array.from({ length: 100 }, () => given).flat(), check)
    const nothing = await microsEach(Array.from({ length: 100 }, () => given).flat(), async () => undefined)
    return [
      { name: 'a guard, a token it never saw', micros: cold, floorMicros: bare },
      { name: 'a guard, a token it knows', micros: again, floorMicros: nothing },
    ]
  } finally {
    await installation.close()
  }
}

async function microsEach(tokens: readonly string[], work: (token: string) => Promise<unknown>): Promise<number> {
  const began = performance.now()
  for (const token of tokens) await work(token)
  return ((performance.now() - began) * 1000) / tokens.length
}

export interface KillBench {
  /** From the kill switch until the last use that was let through, whoever let it through. */
  readonly lastMillis: number
  /** From the kill switch until it answered that nobody lets anything through. */
  readonly answeredMillis: number
  /** The same number of waivers ended by the same act, with nobody to wait for. */
  readonly floorMillis: number
  readonly processes: number
}

export async function benchKill(
  databases: () => Promise<string>,
  processes: number,
  times: number,
): Promise<KillBench> {
  const floorMillis = await killedAlone(await databases(), times)
  const installation = await foundRuntime(await databases())
  try {
    const nodes = await Promise.all(Array.from({ length: processes }, () => installation.node()))
    try {
      const rounds: { readonly lastMillis: number; readonly answeredMillis: number }[] = []
      for (let round = 0; round < times; round++)
        rounds.push(
          await killedOnce(
            installation,
            nodes.map(({ port }) => port),
          ),
        )
      const worst = (of: keyof (typeof rounds)[number]) => Math.max(...rounds.map((round) => round[of]))
      return { lastMillis: worst('lastMillis'), answeredMillis: worst('answeredMillis'), floorMillis, processes }
    } finally {
      await Promise.all(nodes.map((node) => node.stop()))
    }
  } finally {
    await installation.close()
  }
}

/** Every process is asked all the time; an answer counts when it arrived. */
async function killedOnce(installation: RuntimeInstallation, ports: readonly number[]) {
  await installation.live('wl_agent', 'agent_db', 'per_sam')
  const asked = requestBytes('/access/v1/evaluation', question, {
    authorization: `Bearer ${await installation.token('wl_gate')}`,
  })
  const lastYes = new Map<number, number>()
  let asking = true
  const everyNode = Promise.all(
    ports.map(async (port) => {
      const lane = await openLane(port)
      while (asking) {
        const { body } = await lane.ask(asked)
        if (body.startsWith('{"decision":true')) lastYes.set(port, performance.now())
      }
      lane.close()
    }),
  )
  try {
    while (lastYes.size < ports.length) await new Promise((resolve) => setTimeout(resolve, 10))
    const began = performance.now()
    const { results } = await kill(
      installation.app.machinery,
      installation.person('per_watch'),
      { of: 'workload', id: 'wl_agent' },
      'bench',
    )
    const answeredMillis = performance.now() - began
    if (results.length !== 1 || results[0]?.outcome !== 'ended') throw new Error(JSON.stringify(results))
    // Whoever still said yes now would have to be heard of.
    await new Promise((resolve) => setTimeout(resolve, 500))
    return { lastMillis: Math.max(0, ...[...lastYes.values()].map((at) => at - began)), answeredMillis }
  } finally {
    asking = false
    await everyNode
  }
}

async function killedAlone(url: string, times: number): Promise<number> {
  const installation = await foundRuntime(url)
  try {
    const millis: number[] = []
    for (let round = 0; round < times; round++) {
      await installation.live('wl_agent', 'agent_db', 'per_sam')
      const began = performance.now()
      await kill(
        installation.app.machinery,
        installation.person('per_watch'),
        { of: 'workload', id: 'wl_agent' },
        'bench',
      )
      millis.push(performance.now() - began)
    }
    return Math.max(...millis)
  } finally {
    await installation.close()
  }
}
