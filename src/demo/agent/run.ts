/** The demo of an agent: the sample organisation is raised, a service stands in front of its ledger, and an agent asks. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signInWorkload } from '../../identity/sample/index.ts'
import { called } from '../../lib/called.ts'
import { raiseSample, type SampleOptions } from '../raise.ts'
import { stageOn } from '../terminal.ts'
import { startAgent } from './agent.ts'
import { startLedgerService, tool } from './ledger-service.ts'
import { asksOnceMore, playAgent } from './story.ts'
import { textAt } from './wire.ts'

export interface AgentDemoOptions extends Omit<SampleOptions, 'directory'> {
  /** Stops afterwards instead of staying up. */
  readonly exit: boolean
}

export async function runAgentDemo(options: AgentDemoOptions): Promise<void> {
  const stage = stageOn(process.stdout)
  const began = Date.now()
  stage.plain('Countersign: an agent asks, somebody outside decides, and each use is checked.')
  stage.scene(
    'Everything is started',
    'Two PostgreSQL servers, a sample issuer for people and programs, a service with a guard in front of the ledger.',
  )
  const sample = await raiseSample(options, stage)
  const { publicUrl, target, as } = sample
  const secretOf = await secretsIn(sample.folder)
  const token = () => signInWorkload(publicUrl, 'ledger-service', secretOf('ledger-service'))
  const started = await Promise.all(
    ['sys_ledger-db', 'sys_payments-db'].map((audience) =>
      startLedgerService({ issuer: publicUrl, audience, token, target }),
    ),
  )
  const [ledger, payments] = started.map(({ url }) => url) as [string, string]
  try {
    const agent = await startAgent({
      publicUrl,
      id: 'wl_reconciliation-agent',
      client: 'reconciliation-agent',
      secret: secretOf('reconciliation-agent'),
      system: 'sys_ledger-db',
      tool,
    })
    const story = { stage, agent, publicUrl, target, as, services: { ledger, payments } }
    const waivers = await playAgent(story)
    stage.plain('')
    stage.plain(`From denial to approval, use and revocation, in ${((Date.now() - began) / 1000).toFixed(0)} seconds.`)
    if (options.exit) return
    invite(stage.plain, publicUrl, waivers, await asksOnceMore(story))
    await untilInterrupted()
  } finally {
    await Promise.all(started.map((service) => service.stop()))
    await sample.stop()
  }
}

/** The secrets of the sample's programs, as whoever plays one of them by hand reads them. */
export async function secretsIn(folder: string): Promise<(client: string) => string> {
  const kept: unknown = JSON.parse(await readFile(join(folder, 'sample-workloads.json'), 'utf8'))
  return (client) => textAt(kept, 'clientSecrets', client)
}

function invite(
  plain: (text: string) => void,
  publicUrl: string,
  [waiver]: readonly string[],
  left: Awaited<ReturnType<typeof asksOnceMore>>,
): void {
  plain('')
  plain(`Now you: open  ${publicUrl}/waivers/${left.waiver}`)
  plain(`  as ${left.decider}: the agent asks for something larger, and its words want you to be quick`)
  plain('')
  plain('It stays up until Ctrl-C. In another terminal:')
  plain('')
  plain(`  export COUNTERSIGN_URL=${publicUrl}`)
  plain(`  ${called} login`)
  plain(`  ${called} show ${left.waiver}`)
  plain(`  ${called} why ${waiver}`)
}

function untilInterrupted(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done())
    process.once('SIGTERM', () => done())
  })
}
