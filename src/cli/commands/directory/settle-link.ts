/** Decides about a link: it is so, it was never so, it is no longer so. */
import type { Command } from 'commander'
import type { Registry } from '../../perform.ts'
import { answered } from '../../session.ts'
import { addDeciding, addEnding, type StatedKind } from '../settle-stated.ts'
import { callOptions } from '../shared.ts'

const link: StatedKind = {
  argument: ['<link>', 'id of the link, `lnk_…`'],
  list: async (client) => {
    const { links, names } = answered(await client.links())
    return { all: links, names }
  },
  unknown: (id) => ({
    message: `there is no link \`${id}\`, or none that you may see`,
    next: 'look it up with `countersign directory links`',
  }),
}

export function addConfirmLink(parent: Command, registry: Registry): void {
  addDeciding(parent, registry, link, 'confirm', {
    name: 'confirm-link',
    summary: 'a link is right',
    description:
      'Shows the link and its evidence, then opens the browser for a sign-in of its own, then confirms it. For somebody independent of everybody it names.',
    option: ['--note <text>', 'what was looked at'],
    send: (client, id, options) => client.confirmLink(id, { note: options.note }, callOptions(options)),
  })
}

export function addRejectLink(parent: Command, registry: Registry): void {
  addDeciding(parent, registry, link, 'reject', {
    name: 'reject-link',
    summary: 'a link is wrong: these are two',
    description:
      'Shows the link and its evidence, then opens the browser for a sign-in of its own, then rejects it. It was never so, and counts no more.',
    option: ['--reason <text>', 'why'],
    send: (client, id, options) => client.rejectLink(id, { reason: options.reason }, callOptions(options)),
  })
}

export function addUnlink(parent: Command, registry: Registry): void {
  addEnding(parent, registry, link, {
    name: 'unlink',
    summary: 'take a link back, or end it',
    description:
      'Takes back what was proposed, or ends what was confirmed. It goes on counting for a while like every other relation.',
    send: (client, id, options) => client.endLink(id, { reason: options.reason }, callOptions(options)),
  })
}
