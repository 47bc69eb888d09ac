/** Enrolling a passkey: the browser makes it, here one waits for it and learns its fingerprint. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import type { PasskeyList, PasskeyView } from '../../../client/index.ts'
import type { Call } from '../../context.ts'
import { wholeNumber } from '../../input/number.ts'
import { passkeyLines } from '../../output/passkey-lines.ts'
import { performs, type Registry, type Shown } from '../../perform.ts'
import { answered, type Session, sessionOf } from '../../session.ts'
import { Stop } from '../../stop.ts'

interface Options {
  readonly waitMinutes: string
}

const pollMillis = 700

export function addAdd(parent: Command, registry: Registry): void {
  parent
    .command('add')
    .summary('enrol a passkey, in the browser')
    .description(
      'Opens the page on which your browser makes a passkey, waits for it, and shows the fingerprint that you read to whoever confirms it. It signs nothing before that.',
    )
    .addOption(new Option('--wait-minutes <count>', 'how long to wait for it').default('10'))
    .action(performs<Options>(registry, add))
}

async function add(call: Call, { waitMinutes }: Options): Promise<Shown> {
  const waitMillis = 60_000 * wholeNumber(waitMinutes, '--wait-minutes', 1, 60)
  const session = await sessionOf(call)
  const before = answered(await session.client.passkeys())
  const known = new Set(before.passkeys.map(({ id }) => id))
  const untilMillis = call.context.nowMillis() + waitMillis
  const address = `${session.server}/passkeys`
  const opened = await call.context.signIn.open(address)
  call.screen.progress(
    opened ? 'enrol it there: your browser was opened at' : 'to enrol it, open this address in your browser',
  )
  call.screen.progress(address)
  const { list, passkey } = await made(call, session, known, untilMillis)
  return {
    document: { passkey, names: list.names },
    lines: [
      call.page.paint.good('enrolled; it signs nothing yet'),
      ...passkeyLines(call.page, passkey, list.names),
      '',
      'next: read the fingerprint to whoever looks after security, by voice or face to face; they confirm it',
    ],
  }
}

async function made(
  call: Call,
  { client, server }: Session,
  known: ReadonlySet<string>,
  untilMillis: number,
): Promise<{ readonly list: PasskeyList; readonly passkey: PasskeyView }> {
  for (;;) {
    const list = answered(await client.passkeys())
    const passkey = list.passkeys.find(({ id }) => !known.has(id))
    if (passkey !== undefined) return { list, passkey }
    if (call.context.nowMillis() >= untilMillis)
      throw new Stop('refused', {
        kind: 'refusal',
        code: 'not-enrolled',
        message: 'no passkey was enrolled meanwhile',
        next: `enrol it at ${server}/passkeys; see it with \`countersign passkey list\``,
      })
    await pause(pollMillis)
  }
}
