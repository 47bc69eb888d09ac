/** Stands in front of another server of tools, so that an agent reaches them only as far as live waivers cover. */
import type { Command } from 'commander'
import { type Behind, connectUpstream, gatewayServer, readGatewayConfig, toolDigest } from '../../gateway/index.ts'
import { packageVersion } from '../../lib/package-version.ts'
import type { Call } from '../context.ts'
import { problemsShown } from '../output/problems.ts'
import { table } from '../output/table.ts'
import { visible } from '../output/visible.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { serveAgent } from '../serve-agent.ts'
import { sessionOf } from '../session.ts'
import { UsageError } from '../usage-error.ts'

interface Options {
  readonly config: string
  readonly url?: string
  readonly tools?: boolean
}

/** Of the server behind an address; a server that is started gets its credentials from the environment. */
const upstreamTokenVariable = 'COUNTERSIGN_UPSTREAM_TOKEN'

export function addGateway(program: Command, registry: Registry): void {
  program
    .command('gateway')
    .summary('another server of tools, checked at every call')
    .description(
      'Starts a server of the Model Context Protocol, or connects to one, and serves its tools over standard input and output. A call goes through only when a live waiver covers exactly it. Acts as the workload whose token is in `COUNTERSIGN_TOKEN`, which the policy names as an enforcer of the system.',
    )
    .argument('[command...]', 'how the server is started, after `--`')
    .requiredOption('--config <file>', 'which tool means which access (YAML)')
    .option('--url <address>', `the server is reached here instead; its token in \`${upstreamTokenVariable}\``)
    .option('--tools', 'only show the tools with their digests, for terms that pin them')
    .action(performs<Options, [readonly string[]]>(registry, gateway))
}

async function gateway(call: Call, options: Options, words: readonly string[]): Promise<Shown | undefined> {
  const config = await readGatewayConfig(options.config)
  if ('problems' in config) return problemsShown(call.page, config.problems)
  const upstream = await connectUpstream(behind(call, options, words), packageVersion)
  try {
    if (options.tools === true) return toolsShown(call, await upstream.tools())
    const { client } = await sessionOf(call)
    await serveAgent(() => gatewayServer({ upstream, client, config: config.value, version: packageVersion }))
    return undefined
  } finally {
    await upstream.close()
  }
}

/** @throws {UsageError} */
function behind({ context }: Call, { url }: Options, [command, ...args]: readonly string[]): Behind {
  if ((url === undefined) === (command === undefined))
    throw new UsageError('give either a command after `--`, or --url')
  if (url !== undefined) {
    const token = context.environment[upstreamTokenVariable]
    return { url, ...(token === undefined || token === '' ? {} : { token }) }
  }
  return { command: command as string, args, environment: passedOn(context.environment) }
}

/** INVARIANT: the gateway's own token is not for the server behind it. */
function passedOn(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('COUNTERSIGN_'),
    ),
  )
}

function toolsShown({ page }: Call, tools: readonly Parameters<typeof toolDigest>[0][]): Shown {
  const rows = tools.map((tool) => ({ name: tool.name, digest: toolDigest(tool) }))
  const columns = [
    { title: 'Tool', cell: ({ name }: (typeof rows)[number]) => visible(name) },
    { title: 'Digest', cell: ({ digest }: (typeof rows)[number]) => digest },
  ]
  return { document: { tools: rows }, lines: table(page, columns, rows) }
}
