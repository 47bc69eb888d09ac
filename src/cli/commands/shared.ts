/** What several commands declare and ask the same way. */

import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import type { DecisionToSign, WaiverDetail, WaiverPage, Written } from '../../client/index.ts'
import { didYouMean, nearest } from '../../lib/nearest.ts'
import type { Call } from '../context.ts'
import type { Decision } from '../decision.ts'
import { signWaiver } from '../hand-over.ts'
import type { Page } from '../output/page.ts'
import { quoted } from '../output/visible.ts'
import { statusOf } from '../output/waiver-page.ts'
import type { Shown } from '../perform.ts'
import { answered, type Session, sessionOf } from '../session.ts'
import { Stop } from '../stop.ts'
import { UsageError } from '../usage-error.ts'

export const waiverArgument = ['<waiver>', 'id of the waiver, `wvr_…`'] as const
export const changeArgument = ['<change>', 'id of the change, `chg_…`'] as const

/** @returns the words for an option that may be given several times */
export function several(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

/** The same for an option whose values are known; a typo is answered with what was meant. */
export function severalOf<Name extends string>(names: readonly Name[], option: string) {
  return (value: string, before: readonly Name[] | undefined): readonly Name[] => {
    const known = names.find((name) => name === value)
    if (known !== undefined) return [...(before ?? []), known]
    throw new UsageError(`${option} ${quoted(value)} is not one of ${names.join(', ')}${didYouMean(value, names)}`)
  }
}

export interface WriteOptions {
  readonly key?: string
}

/** Every act can be asked for again with the same key, without happening twice. */
export function writes(command: Command): Command {
  return command.option('--key <key>', 'your own key for this act; the same key again never does it twice')
}

export function decides(command: Command): Command {
  return writes(command)
    .option('--issuer <key>', 'where to sign in, when there are several')
    .addOption(
      new Option('--browser-port <port>', 'port the browser comes back to, when the issuer wants a registered one'),
    )
}

/** How a decision about a waiver is signed, where the rules ask for a passkey. */
export function signs(
  call: Call,
  session: Session,
  { waiver: { id, obligations } }: WaiverDetail,
  body: DecisionToSign,
): { readonly sign: NonNullable<Decision<Written>['sign']> } {
  return { sign: { asked: obligations.passkey, run: () => signWaiver(call, session, id, body) } }
}

/** @throws {UsageError} */
export function callOptions({ key }: WriteOptions): { readonly idempotencyKey: string } {
  if (key !== undefined && !/^[\x21-\x7e]{8,128}$/.test(key))
    throw new UsageError('--key takes 8 to 128 visible ASCII characters')
  return { idempotencyKey: key ?? randomUUID() }
}

/** @throws {UsageError} for what cannot be the id of a waiver, with those that look like it */
export async function waiverId(session: Session, text: string): Promise<string> {
  if (/^wvr_[0-9a-z]{26}$/.test(text)) return text
  const known = await session.client.waivers({ limit: 200 })
  const ids = known.ok ? nearest(text, idsIn(known.value)) : []
  throw new UsageError(`${quoted(text)} is no id of a waiver${meant(ids)}; see \`countersign list\``)
}

/** The waiver, or a no that names ids which look like the one that was typed. */
export async function waiverDetail(session: Session, text: string): Promise<WaiverDetail> {
  const id = await waiverId(session, text)
  const answer = await session.client.waiver(id)
  if (answer.ok || answer.problem.code !== 'unknown-waiver') return answered(answer, id)
  const known = await session.client.waivers({ limit: 200 })
  const ids = known.ok ? nearest(id, idsIn(known.value)) : []
  throw new Stop('notFound', {
    kind: 'not-found',
    code: 'unknown-waiver',
    message: `there is no waiver ${quoted(id)}, or none that you may see${meant(ids)}`,
    next: 'look it up with `countersign list`',
    more: { nearest: ids },
  })
}

function idsIn({ waivers }: WaiverPage): readonly string[] {
  return waivers.map(({ id }) => id)
}

function meant(ids: readonly string[]): string {
  return ids.length === 0 ? '' : `; did you mean ${ids.map(quoted).join(' or ')}?`
}

/** An act that is no decision: done with the kept sign-in. */
export async function act(
  call: Call,
  text: string,
  send: (session: Session, id: string) => ReturnType<Session['client']['withdraw']>,
  done: string,
): Promise<Shown> {
  const session = await sessionOf(call)
  const id = await waiverId(session, text)
  return writtenShown(call.page, answered(await send(session, id), id), done)
}

/** @param done what has been done, such as `withdrawn` */
export function writtenShown(page: Page, written: Written, done: string): Shown {
  const { waiver, replayed } = written
  const again = replayed ? ' (this had been done before with the same key; nothing was done again)' : ''
  return {
    document: written,
    lines: [`${page.paint.good(done)}: ${waiver.id} is ${statusOf(waiver, page.nowMillis)}${again}`],
  }
}
