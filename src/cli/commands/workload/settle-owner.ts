/** Decides about a claim of ownership: it is so, it was never so, it is no longer so. */
import type { Command } from 'commander'
import type { Registry } from '../../perform.ts'
import { answered } from '../../session.ts'
import { addDeciding, addEnding, type StatedKind } from '../settle-stated.ts'
import { callOptions } from '../shared.ts'

const claim: StatedKind = {
  argument: ['<claim>', 'id of the claim, `own_…`'],
  list: async (client) => {
    const { ownerships, names } = answered(await client.ownerships())
    return { all: ownerships, names }
  },
  unknown: (id) => ({
    message: `there is no claim \`${id}\``,
    next: 'look it up with `countersign workload owners`',
  }),
}

export function addConfirmOwner(parent: Command, registry: Registry): void {
  addDeciding(parent, registry, claim, 'confirm', {
    name: 'confirm-owner',
    summary: 'a claim of ownership is right',
    description:
      'Shows the claim and its evidence, then opens the browser for a sign-in of its own, then confirms it. For somebody independent of everybody it names.',
    option: ['--note <text>', 'what was looked at'],
    send: (client, id, options) => client.confirmOwnership(id, { note: options.note }, callOptions(options)),
  })
}

export function addRejectOwner(parent: Command, registry: Registry): void {
  addDeciding(parent, registry, claim, 'reject', {
    name: 'reject-owner',
    summary: 'a claim of ownership is wrong',
    description:
      'Shows the claim and its evidence, then opens the browser for a sign-in of its own, then rejects it. The workload stays as it was.',
    option: ['--reason <text>', 'why'],
    send: (client, id, options) => client.rejectOwnership(id, { reason: options.reason }, callOptions(options)),
  })
}

export function addDisown(parent: Command, registry: Registry): void {
  addEnding(parent, registry, claim, {
    name: 'disown',
    summary: 'take a claim back, or give ownership up',
    description:
      'Takes back what was claimed, or ends what was confirmed. It goes on counting against whoever owned it for a while; when nobody else owns the workload, it is an orphan at once.',
    send: (client, id, options) => client.endOwnership(id, { reason: options.reason }, callOptions(options)),
  })
}
