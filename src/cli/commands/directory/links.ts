/** Who may be whom: links between accounts and people, and entries whose names look alike. */
import type { Command } from 'commander'
import type { Links } from '../../../client/index.ts'
import { assertionLines } from '../../output/assertion-lines.ts'
import { named } from '../../output/names.ts'
import type { Page } from '../../output/page.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { callOptions, type WriteOptions, writes } from '../shared.ts'

export function addLinks(parent: Command, registry: Registry): void {
  parent
    .command('links')
    .summary('who may be whom')
    .description(
      'Links between accounts and people, entries whose names look alike, namesakes, and logins that look alike. A link counts against whom it names at once, and in their favour once somebody independent has confirmed it.',
    )
    .action(
      performs(registry, async (call) => {
        const { client } = await sessionOf(call)
        const links = answered(await client.links())
        return { document: links, lines: linkLines(call.page, links) }
      }),
    )
}

function linkLines(page: Page, { links, namesakes, accounts, more, names }: Links): readonly string[] {
  const groups = (title: string, lists: readonly (readonly string[])[]) =>
    lists.length === 0
      ? []
      : ['', `${title}:`, ...lists.map((ids) => `  ${ids.map((id) => named(id, names)).join(', ')}`)]
  const all = [
    ...links.flatMap((link, index) => [...(index === 0 ? [] : ['']), ...assertionLines(page, link, names)]),
    ...groups('Different people of one source who have the same name', namesakes),
    ...groups('Accounts on one system whose logins look alike', accounts),
  ]
  if (all.length === 0) return ['nothing looks alike, and no link is on record']
  return more > 0 ? [...all, '', `there are ${more} more; see all with --json`] : all
}

interface Options extends WriteOptions {
  readonly evidence: string
}

export function addLink(parent: Command, registry: Registry): void {
  const command = parent
    .command('link')
    .summary('say whose an account is, or that two entries are one')
    .description(
      'Puts a link on record. It counts against whom it names at once, and in their favour once somebody independent has confirmed it.',
    )
    .argument('<from>', 'the account, such as `acc_github.com:maria`, or one of two entries')
    .argument('<to>', 'whose it is, or the other entry, such as `per_maria`')
    .requiredOption('--evidence <text>', 'how this is known')
  writes(command).action(
    performs<Options, [string, string]>(registry, async (call, options, from, to) => {
      const { client } = await sessionOf(call)
      const { evidence } = options
      const done = answered(await client.proposeLink({ from, to, evidence }, callOptions(options)))
      return { document: done, lines: assertionLines(call.page, done.assertion, done.names) }
    }),
  )
}
