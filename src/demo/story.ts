/**
 * The story the demo plays: real people's calls over HTTP, real access on a real database, windows of seconds. It asks
 * and shows; whatever is refused here is refused by the same code that refuses it anywhere.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { ConflictView } from '../api/schema/conflict.ts'
import type { WaiverDetail } from '../api/schema/waiver.ts'
import type { Answer, Client } from '../client/index.ts'
import type { Cast, Person } from './cast.ts'
import { sealEnvelope } from './envelope.ts'
import { personOf } from './sample-signing.ts'
import type { Session, Target } from './target.ts'
import type { Stage } from './terminal.ts'

export interface Story {
  readonly stage: Stage
  readonly cast: Cast
  readonly target: Target
  /** 1 on a quick machine; windows are that many times longer on a slow one. */
  readonly pace: number
  /** Somebody who has just signed in. */
  readonly as: (person: Person) => Promise<Client>
}

const ledger = { system: 'sys_ledger-db', resources: ['ledger.entries', 'ledger.accounts'] }
const question = 'select note, amount_cents from ledger.entries order by id limit 1'

export async function play(story: Story): Promise<readonly string[]> {
  const envelope = await seal(story)
  const asked = await ask(story)
  await tryInVain(story, asked)
  const signer = await decide(story, asked)
  const session = await use(story, asked)
  const emergency = await breakGlass(story, envelope)
  await extend(story, asked, signer)
  await workload(story)
  await end(story, asked, session, envelope, emergency)
  await lookBack(story, asked)
  return [asked, envelope]
}

async function seal({ stage, cast, as, pace }: Story): Promise<string> {
  stage.scene(
    'An envelope for the worst night',
    'Break-glass is approved in advance, by somebody who can never be the one to open it.',
  )
  const { waiver: id, signer: approver } = await sealEnvelope({ cast, as }, `PT${8 * pace}S`)
  const waiver = await read(await as(approver), id)
  stage.done(
    `${name(waiver, approver)} countersigns the envelope for ${name(waiver, { id: cast.rota })}`,
    'independent of everybody on the rota; asked again when it is opened',
  )
  return id
}

async function ask({ stage, cast, as, pace }: Story): Promise<string> {
  const { asker, watcher } = cast
  stage.scene(
    'Three in the morning: somebody needs to write to the ledger',
    'One scope, one window, one reason, one beneficiary, one compensating control.',
  )
  const client = await as(asker)
  const id = await must(
    client.ask({
      terms: {
        kind: 'access-override',
        beneficiary: asker.id,
        access: {
          ...ledger,
          entitlement: 'entries-write',
          account: asker.account,
          actions: ['select', 'insert', 'update'],
        },
        window: { start: now(), end: now(60 * pace) },
        reason: 'batch 4711 was posted twice and merchants are overpaid',
        reference: { kind: 'incident', id: 'INC-2041' },
        controls: [{ control: 'peer-watch', owner: watcher.id, every: 'PT30M' }],
        conditions: {},
      },
    }),
  )
  const waiver = await read(client, id)
  stage.done(
    `${name(waiver, asker)} asks for ledger.entries and ledger.accounts, to select, insert and update`,
    `${id} · INC-2041 · tier ${waiver.waiver.obligations.tier}`,
  )
  const routing = value(await client.eligible(id))
  const people = routing.eligible
    .slice(0, 4)
    .map(({ person, onDuty }) => `${routing.names[person] ?? person}${onDuty ? ' (on duty)' : ''}`)
  stage.note(
    `who could decide it: ${people.join(', ')}${routing.eligible.length > 4 ? ` and ${routing.eligible.length - 4} more` : ''}`,
  )
  return id
}

async function tryInVain({ stage, cast, as }: Story, id: string): Promise<void> {
  stage.scene(
    'Those who stand on the same side try to approve it',
    'Independence is a relation, not a title. Each refusal shows the path that proves it.',
  )
  const tries: readonly (readonly [Person | undefined, string])[] = [
    [cast.asker, 'who asked'],
    [cast.mate, 'team mate'],
    [cast.granting, 'administers the database'],
    [cast.oncall, 'on call together'],
    [cast.moved, 'in the pool, left the team a moment ago'],
  ]
  // Everybody has the link: whoever asked sent it around.
  const waiver = await read(await as(cast.asker), id)
  for (const [person, role] of tries) {
    if (person === undefined) continue
    const answer = await (await as(person)).countersign(id, { digest: digestOf(waiver), acknowledges: [] })
    if (answer.ok) throw new Error(`${person.id} must not be able to approve this`)
    const { code, conflicts = [] } = answer.problem
    const paths = conflicts
      .filter((conflict) => conflict.code !== 'is-beneficiary')
      .slice(0, 2)
      .map(readAloud)
    stage.refused(`${answer.problem.names?.[person.id] ?? name(waiver, person)} (${role})`, code, paths)
  }
}

async function decide({ stage, cast, as, pace }: Story, id: string): Promise<Person> {
  stage.scene(
    'Somebody outside decides',
    'An approver can deny or narrow, never widen. What is shown is what is signed: one digest.',
  )
  const signer = await firstEligible(as, cast.asker, id)
  const client = await as(signer)
  const waiver = await read(client, id)
  await must(
    client.countersign(id, {
      digest: digestOf(waiver),
      narrow: { resources: ['ledger.entries'], actions: ['select', 'update'], window: { end: now(12 * pace) } },
      acknowledges: [],
    }),
  )
  stage.done(
    `${name(waiver, signer)} narrows it to ledger.entries, select and update, ${12 * pace} seconds, and countersigns`,
  )
  const signed = (await read(client, id)).waiver.approvals.at(-1)?.passkey
  if (signed === undefined) throw new Error('a decision of this tier was not signed')
  stage.seen(`signed by passkey ${signed}, once, over these very terms and what was shown (a sample key, in software)`)
  return signer
}

async function use({ stage, cast, as, target }: Story, id: string): Promise<Session> {
  stage.scene('The access is really there')
  const client = await as(cast.asker)
  await must(client.activate(id))
  const waiting = stage.waiting('the role is being given on the database')
  const waiver = await until(client, id, ({ waiver: { status } }) => status === 'active')
  waiting.end()
  stage.done(`${name(waiver, cast.asker)} starts it; the target was read back and has the grant`)
  const session = await target.signIn(cast.asker.account)
  const before = await session.ask(question)
  if ('refused' in before) throw new Error(`the access is not there: ${before.refused}`)
  stage.seen(`signed in to the database as ${cast.asker.account}: ${JSON.stringify(before.rows[0])}`)
  stage.seen('this session stays open')
  const outside = await session.ask('delete from ledger.entries')
  if ('refused' in outside) stage.seen(`and it cannot do more than was countersigned: ${outside.refused}`)
  return session
}

async function breakGlass({ stage, cast, as, target, pace }: Story, id: string): Promise<Session> {
  stage.scene(
    'Meanwhile the envelope is opened',
    `By somebody on the rota. It opens once, for ${8 * pace} seconds, and everybody concerned is told.`,
  )
  const client = await as(cast.opener)
  await must(client.activate(id))
  const waiver = await until(client, id, ({ waiver: { status } }) => status === 'active')
  const session = await target.signIn(cast.opener.account)
  const role = await session.ask('set role settlement_emergency')
  if ('refused' in role) throw new Error(`the role cannot be taken: ${role.refused}`)
  const answer = await session.ask('select current_user, state from ledger.settlements limit 1')
  stage.done(`${name(waiver, cast.opener)} opens it`)
  stage.seen(
    `signed in as ${cast.opener.account}, SET ROLE: ${'rows' in answer ? JSON.stringify(answer.rows[0]) : answer.refused}`,
  )
  stage.note('PostgreSQL lets such a session keep the role after a plain REVOKE; it stays open to see what happens')
  return session
}

async function extend({ stage, cast, as, pace }: Story, id: string, before: Person): Promise<void> {
  stage.scene(
    'It takes longer: an extension is decided from nothing',
    'By an independent person who did not give the time before.',
  )
  const client = await as(cast.asker)
  await must(client.requestExtension(id, { end: now(15 * pace), reason: 'eleven entries are left' }))
  const again = await as(before)
  const waiver = await read(again, id)
  const answer = await again.countersign(id, { digest: digestOf(waiver), acknowledges: [] })
  if (answer.ok) throw new Error('the same person must not extend what they gave')
  stage.refused(name(waiver, before), answer.problem.code, [answer.problem.detail])
  const routing = value(await client.eligible(id))
  const other = routing.eligible.find(({ person }) => person !== before.id)
  if (other === undefined) throw new Error('nobody else is independent')
  const signer = personOf(other.person)
  await must((await as(signer)).countersign(id, { digest: digestOf(waiver), acknowledges: [] }))
  stage.done(`${routing.names[other.person] ?? other.person} countersigns a few seconds more`)
}

async function workload({ stage, cast, as }: Story): Promise<void> {
  stage.scene(
    "A service account's override, asked by its owner",
    'Whoever owns, operates or can change a workload counts as the one who asks.',
  )
  const client = await as(cast.owner)
  const id = await must(
    client.ask({
      terms: {
        kind: 'access-override',
        beneficiary: cast.workload.id,
        access: {
          ...ledger,
          entitlement: 'entries-write',
          account: cast.workload.account,
          resources: ['ledger.entries'],
          actions: ['select'],
        },
        window: { start: now(), end: now(600) },
        reason: 'replay of the settlement of last night',
        controls: [{ control: 'peer-watch', owner: cast.watcher.id, every: 'PT30M' }],
        conditions: {},
      },
    }),
  )
  const waiver = await read(client, id)
  const own = await client.countersign(id, { digest: digestOf(waiver), acknowledges: [] })
  if (own.ok) throw new Error('an owner must not approve for their own workload')
  const { conflicts = [], code } = own.problem
  const told = conflicts.find((conflict) => conflict.code === 'controls-beneficiary') ?? conflicts[0]
  stage.refused(
    `${name(waiver, cast.owner)} (owns ${name(waiver, cast.workload)})`,
    code,
    told === undefined ? [] : [readAloud(told)],
  )
  const signer = await firstEligible(as, cast.owner, id)
  const outside = await as(signer)
  await must(outside.deny(id, { digest: digestOf(waiver), reason: 'run it in the next window of the pipeline' }))
  stage.done(
    `${name(await read(outside, id), signer)}, from outside, denies it`,
    'the denial is shown to whoever is asked for the same next',
  )
}

async function end(
  { stage, cast, as, target }: Story,
  id: string,
  session: Session,
  envelope: string,
  emergency: Session,
): Promise<void> {
  stage.scene('Both windows end by themselves, and the ends are proven')
  await windowOver(stage, await as(cast.opener), envelope, emergency)
  stage.seen(emergency.isOver() ? 'the session that had done SET ROLE was ended' : 'the session is still open')
  await windowOver(stage, await as(cast.asker), id, session)
  stage.seen(session.isOver() ? `the session of ${cast.asker.account} was ended` : 'the session is still open')
  if (!session.isOver() || !emergency.isOver()) throw new Error('a session outlived its window')
  const again = await target.signIn(cast.asker.account)
  const answer = await again.ask(question)
  await again.close()
  if ('rows' in answer) throw new Error('the access is still there')
  stage.seen(`signed in again as ${cast.asker.account}: ${answer.refused}`)
}

async function windowOver(stage: Stage, client: Client, id: string, session: Session): Promise<void> {
  const detail = await read(client, id)
  const rest = Math.max(0, Date.parse(detail.waiver.activation?.end ?? '') - Date.now())
  const who = name(detail, { id: detail.waiver.activation?.by ?? '' })
  const waiting = stage.waiting(`${Math.ceil(rest / 1000)} seconds are left for ${who}; nobody does anything`)
  await pause(Math.max(0, rest - 200))
  const open = !session.isOver()
  const gone = await until(client, id, ({ waiver: { removal } }) => removal.state === 'verified')
  waiting.end()
  const { removal } = gone.waiver
  stage.done(
    `${who}'s window is over: role revoked, open sessions ended, target read back`,
    `the session was ${open ? 'still open at the end' : 'closed before'} · verified ${removal.state === 'verified' ? removal.at : ''}`,
  )
}

async function lookBack({ stage, cast, as }: Story, id: string): Promise<void> {
  stage.scene('Somebody else looks back, and every decision is computed once more')
  const client = await as(cast.reviewer)
  await must(client.review(id, { finding: 'justified', note: 'scope and time fit the incident', residueAccepted: [] }))
  const waiver = await read(client, id)
  stage.done(`${name(waiver, cast.reviewer)} closes the review`)
  const why = value(await client.why(id))
  const acts = why.acts.filter(({ type }) => type !== 'AttemptRefused')
  for (const act of acts)
    stage.note(
      `${act.follows === 'yes' ? '✔' : '✘'} ${act.at.slice(11, 19)}  ${act.type.padEnd(24)} ${why.names[act.by] ?? act.by}`,
    )
  const refused = why.acts.length - acts.length
  if (!why.follows) throw new Error('a decision does not follow from its recorded facts')
  stage.done(
    `all ${why.acts.length} records, ${refused} refused attempts among them, follow from the facts recorded with them`,
  )
}

/** Whoever is refused hears the path that proves it. */
export function readAloud({ code, reads, because }: ConflictView): string {
  const path = reads ?? because
  if (path === undefined) throw new Error(`${code} was said without the path that proves it`)
  return `${code}  ${path}`
}

export async function firstEligible(as: Story['as'], asker: Person, id: string): Promise<Person> {
  const routing = value(await (await as(asker)).eligible(id))
  const first = routing.eligible[0]
  if (first === undefined) throw new Error('nobody is independent')
  return personOf(first.person)
}

/** What takes a second on a quiet machine takes a minute on one that builds something else. */
const patienceSeconds = 90

export async function until(
  client: Client,
  id: string,
  holds: (detail: WaiverDetail) => boolean,
): Promise<WaiverDetail> {
  const giveUpAt = Date.now() + patienceSeconds * 1_000
  while (Date.now() < giveUpAt) {
    const detail = await read(client, id)
    if (holds(detail)) return detail
    await pause(100)
  }
  throw new Error(`${id} did not get there within ${patienceSeconds} seconds`)
}

export async function read(client: Client, id: string): Promise<WaiverDetail> {
  return value(await client.waiver(id))
}

export function digestOf({ waiver }: WaiverDetail): string {
  return waiver.proposal?.digest ?? waiver.digest
}

export function name({ names }: WaiverDetail, { id }: { readonly id: string }): string {
  return names[id] ?? id
}

export async function must(answer: Promise<Answer<{ readonly waiver: { readonly id: string } }>>): Promise<string> {
  return value(await answer).waiver.id
}

export function value<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value
  throw new Error(`${answer.problem.code}: ${answer.problem.detail}`)
}

export function now(plusSeconds = 0): string {
  return new Date(Date.now() + plusSeconds * 1000).toISOString()
}
