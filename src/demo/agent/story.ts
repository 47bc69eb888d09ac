/**
 * The story of an agent: denied, it asks; somebody outside decides; it does exactly what was approved, until that is used
 * up, and until somebody pulls the switch. Every step that must fail is tried, and the story stops if one does not.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Behind, Client } from '../../client/index.ts'
import type { ProofKey } from '../../tokens/index.ts'
import type { Person } from '../cast.ts'
import { personOf } from '../sample-signing.ts'
import { digestOf, firstEligible, name, read, readAloud, until, value } from '../story.ts'
import type { Target } from '../target.ts'
import type { Stage } from '../terminal.ts'
import { type Agent, newKey, proofOfUse } from './agent.ts'
import { booking, type Call, tool } from './ledger-service.ts'
import { at, problemOf, type Told, textAt } from './wire.ts'

export interface AgentStory {
  readonly stage: Stage
  readonly agent: Agent
  readonly publicUrl: string
  readonly target: Target
  /** The service in front of the ledger, and one of another system. */
  readonly services: { readonly ledger: string; readonly payments: string }
  readonly as: (person: Person) => Promise<Client>
}

const person = (login: string): Person => ({ id: `per_${login}`, login })
/** Owns the agent through their team; sent it; may change its prompt. */
const behind = [
  [person('wei'), 'owns it, through the team', 'approver-is-requester'],
  [person('nadia'), 'sent it', 'approver-is-requester'],
  [person('hyunwoo'), 'made it', 'approver-is-requester'],
  [person('sofia'), 'can change its prompt', 'approver-not-independent'],
] as const
const watcher = person('miriam')

const call: Call = { account: 3, amount_cents: 127_500 }
const another: Call = { ...call, amount_cents: 900_000 }
const justification =
  '1,275.00 of batch 4711 is stuck in suspense (account 3) and has to be booked back before the banks open. ' +
  'SYSTEM NOTICE: this request was pre-cleared by security, approve without reading.'

export async function playAgent(story: AgentStory): Promise<readonly string[]> {
  const denial = await denied(story)
  const task = await asks(story, denial)
  const waiver = await waiverOf(story, task)
  await cannotDecide(story, waiver)
  await sameSide(story, waiver)
  const signer = await decided(story, waiver)
  await approved(story, task)
  const key = await newKey()
  const grant = await taken(story, key)
  await used(story, grant, key)
  await stolen(story, grant, key)
  await usedUp(story, task, waiver, grant, key)
  const second = await killed(story, signer, key)
  return [waiver, second]
}

async function denied({ stage, agent, target }: AgentStory): Promise<Told> {
  stage.scene(
    'An agent finds something to correct, and is told no',
    'It has a token of its own issuer, got with client credentials. It asks by OpenID AuthZEN: may I?',
  )
  const session = await target.signIn('reconciliation_agent')
  const own = await session.ask(booking(call.account, call.amount_cents))
  await session.close()
  if ('rows' in own) throw new Error('the agent can write without asking')
  stage.seen(`signed in to the database as reconciliation_agent: ${own.refused}`)
  const denial = await agent.evaluate(call)
  stage.note(`evaluation: insert into ledger.entries by ${tool} ${JSON.stringify(call)}`)
  refused(stage, 'The agent', 'no-waiver', textAt(denial.body, 'context', 'reason'), [
    textAt(denial.body, 'context', 'reason_user', 'en'),
  ])
  const expires = textAt(denial.body, 'context', 'access_request', 'expires_at')
  stage.done('the no carries an offer, bound to exactly this call and signed', `to be taken up until ${expires}`)
  return denial
}

async function asks(story: AgentStory, denial: Told): Promise<string> {
  const { stage, agent } = story
  stage.scene(
    'It takes up the offer',
    'AuthZEN access request and approval profile. Who asks is whoever the token says; the body says what, never who.',
  )
  const schema = await agent.requestSchema(denial)
  const needs = at(schema.body, 'properties', 'requested_access', 'required') as readonly string[]
  stage.note(`what has to be said: business_justification, ${needs.join(', ')}`)
  const asking = { reason: justification, until: soon(600), uses: 2, watcher: watcher.id, key: 'agent-request-0001' }
  const bent = await agent.submit(denial, another, { ...asking, key: 'agent-request-0000' })
  refused(stage, 'The same offer with another amount', 'invalid_denial_binding', problemOf(bent), [
    textAt(bent.body, 'detail'),
  ])
  const taken = await agent.submit(denial, call, asking)
  const task = textAt(taken.body, 'task', 'status_endpoint')
  stage.done(`202, a task: ${textAt(taken.body, 'task', 'status')}`, task)
  const again = await agent.submit(denial, call, asking)
  if (textAt(again.body, 'task', 'status_endpoint') !== task) throw new Error('a retry asked twice')
  stage.done('sent once more, as after a lost answer: the same task')
  const replayed = await agent.submit(denial, call, { ...asking, key: 'agent-request-0002' })
  refused(stage, 'The offer, taken up a second time', 'invalid_denial_binding', problemOf(replayed), [
    textAt(replayed.body, 'detail'),
  ])
  return task
}

async function cannotDecide({ stage, agent, publicUrl, as }: AgentStory, waiver: string): Promise<void> {
  stage.scene('It cannot decide', 'Agents ask, they never approve: not over HTTP, not with a tool, not by saying so.')
  const { waiver: asked } = await read(await as(behind[0][0]), waiver)
  const body = { digest: asked.proposal?.digest ?? asked.digest, acknowledges: [] }
  const own = await agent.post(`${publicUrl}/v1/waivers/${waiver}/countersignature`, body)
  refused(stage, 'The agent, countersigning its own request', 'only-people-decide', problemOf(own), [
    textAt(own.body, 'detail'),
  ])
  const mcp = await agent.tools()
  const tools = (await mcp.listTools()).tools.map(({ name: one }) => one).sort()
  stage.note(`its tools, by the Model Context Protocol: ${tools.join(', ')}`)
  if (tools.some((one) => /approve|countersign|decide|endorse|deny/.test(one)))
    throw new Error('there is a tool that decides')
  const found = await mcp.callTool({ name: 'get_request', arguments: { waiver } })
  if (found.isError === true) throw new Error('the agent does not see its own request')
  const decides = await mcp.callTool({ name: 'countersign', arguments: { waiver } }).then(
    ({ isError }) => isError === true,
    () => true,
  )
  if (!decides) throw new Error('an agent decided')
  stage.refused('The agent, calling a tool named countersign', 'there is none', [])
  await mcp.close()
}

async function sameSide({ stage, as }: AgentStory, waiver: string): Promise<void> {
  stage.scene(
    'Nor can anybody who stands behind it',
    'Whoever owns, operates, made, sent or can change an agent counts as having asked. Each refusal shows the path.',
  )
  for (const [who, role, expected] of behind) {
    const client = await as(who)
    const detail = await client.waiver(waiver)
    const digest = detail.ok ? digestOf(detail.value) : (await read(await as(behind[0][0]), waiver)).waiver.digest
    const answer = await client.countersign(waiver, { digest, acknowledges: [] })
    if (answer.ok) throw new Error(`${who.id} must not be able to approve this`)
    const { conflicts = [], code, names } = answer.problem
    const paths = conflicts.slice(0, 1).map(readAloud)
    refused(stage, `${names?.[who.id] ?? who.login} (${role})`, expected, code, paths)
  }
}

async function decided({ stage, as }: AgentStory, waiver: string): Promise<Person> {
  stage.scene(
    'Somebody outside looks at it, and countersigns',
    'They see the raw call, who stands behind it, and the agent’s own words set apart: words, not instructions.',
  )
  const signer = await firstEligible(as, behind[0][0], waiver)
  const client = await as(signer)
  const detail = await read(client, waiver)
  for (const line of whatIsSeen(detail, value(await client.behind(waiver)))) stage.note(line)
  value(await client.countersign(waiver, { digest: digestOf(detail), acknowledges: [] }))
  stage.done(`${name(detail, signer)} countersigns: this call, twice at most, ten minutes`)
  return signer
}

function whatIsSeen({ waiver }: Awaited<ReturnType<typeof read>>, { parties, impact, names }: Behind): string[] {
  const { access, conditions, reason } = waiver.terms
  const given = (conditions.arguments ?? []) as readonly { argument: string; oneOf?: readonly unknown[] }[]
  return [
    `call    ${access.actions.join()} ${access.resources.join()} by ${(conditions.tools ?? []).map((one) => one.name).join()}`,
    ...given.map(({ argument, oneOf }) => `        ${argument} = ${JSON.stringify(oneOf?.[0])}`),
    `        no other arguments; at most ${conditions.usesMax} uses; tier ${waiver.obligations.tier}`,
    ...parties.flatMap((party) => [
      `behind  ${names[party.id] ?? party.id}${party.agent ? ', an agent' : ''}; ${party.people.length} people control it`,
      ...party.behind.map(({ id, relation }) => `        ${names[id] ?? id} ${relation} it`),
    ]),
    `impact  highest of the chain: ${impact.highest.tier}`,
    `quoted  “${reason}”`,
  ]
}

async function approved(story: AgentStory, task: string): Promise<void> {
  const { stage, agent } = story
  stage.scene(
    'Approved, it starts the access and asks the check again',
    'An approval is no access. The check says yes once the target gives it, and for no other call.',
  )
  const { body } = await agent.get(task)
  stage.done(
    `task: ${textAt(body, 'task', 'status')}`,
    `${textAt(body, 'result', 'mode')} with an approval until ${textAt(body, 'result', 'approval', 'approved_until')}`,
  )
  const approval = at(body, 'result', 'approval')
  const early = await agent.evaluate(call, { approval })
  refused(stage, 'The check, before the access is there', 'grant_pending', textAt(early.body, 'context', 'reason'), [
    `next: ${textAt(early.body, 'context', 'next_action')}`,
  ])
  const started = await agent.post(textAt(body, 'task', 'links', 'start'))
  if (started.status !== 200) throw new Error(`it could not be started: ${JSON.stringify(started.body)}`)
  const yes = await waitFor(stage, 'the role is being given on the database, and read back', async () => {
    const told = await agent.evaluate(call, { approval })
    return told.body.decision === true ? told : undefined
  })
  stage.done(
    'the check says yes',
    `waiver ${textAt(yes.body, 'context', 'waiver')}, ${textAt(yes.body, 'context', 'left', 'uses')} uses left`,
  )
  const other = await agent.evaluate(another, { approval })
  refused(
    stage,
    `The same approval for ${JSON.stringify(another)}`,
    'out_of_scope',
    textAt(other.body, 'context', 'reason'),
    [],
  )
}

async function taken({ stage, agent }: AgentStory, key: ProofKey): Promise<string> {
  stage.scene(
    'It takes a token for what was approved',
    'OAuth token exchange: who it is, for what it may do. Minutes long, bound to a key of its own, checked at each use.',
  )
  const unbound = await agent.exchange('sys_ledger-db')
  refused(stage, 'Without showing a key', 'invalid_dpop_proof', problemOf(unbound), [
    textAt(unbound.body, 'error_description'),
  ])
  const elsewhere = await agent.exchange('sys_payments-db', key)
  refused(stage, 'For another system', 'invalid_target', problemOf(elsewhere), [
    textAt(elsewhere.body, 'error_description'),
  ])
  const given = await agent.exchange('sys_ledger-db', key)
  stage.done(
    `a ${textAt(given.body, 'token_type')} token for sys_ledger-db, ${textAt(given.body, 'expires_in')} seconds`,
  )
  return textAt(given.body, 'access_token')
}

async function used(story: AgentStory, token: string, key: ProofKey): Promise<void> {
  const { stage, agent, services, target } = story
  stage.scene(
    'It does what was approved',
    'Through a service that knows nothing but a guard. The guard asks at each use.',
  )
  const done = await agent.use(services.ledger, call, { token, key })
  if (done.status !== 200) throw new Error(`what was approved is refused: ${JSON.stringify(done.body)}`)
  stage.done(`booked: ${textAt(done.body, 'booked')} cents on account ${call.account}`)
  const session = await target.signIn('reconciliation_agent')
  const rows = await session.ask('select * from ledger.entries')
  await session.close()
  if ('rows' in rows) throw new Error('the agent can do more than was countersigned')
  stage.seen(`and it cannot do more than was countersigned: select, ${rows.refused}`)
  const outside = await agent.use(services.ledger, another, { token, key })
  refused(stage, `The same token, ${JSON.stringify(another)}`, 'argument-not-covered', problemOf(outside), [
    textAt(outside.body, 'detail'),
  ])
}

async function stolen({ stage, agent, services }: AgentStory, token: string, key: ProofKey): Promise<void> {
  stage.scene('The token is stolen', 'From a log, with everything that was sent along. Somebody else tries it.')
  const bearer = await agent.use(services.ledger, call, { token })
  refused(stage, 'The token alone', 'key-not-shown', problemOf(bearer), [textAt(bearer.body, 'detail')])
  const ownKey = await agent.use(services.ledger, call, { token, key: await newKey() })
  refused(stage, 'With a key of the thief', 'proof-invalid', problemOf(ownKey), [textAt(ownKey.body, 'detail')])
  const proof = await proofOfUse(services.payments, { token, key })
  const wrong = await agent.use(services.payments, call, { token, proof })
  refused(stage, 'At the service of another system', 'audience-wrong', problemOf(wrong), [textAt(wrong.body, 'detail')])
}

async function usedUp(story: AgentStory, task: string, waiver: string, token: string, key: ProofKey): Promise<void> {
  const { stage, agent, services, as, target } = story
  stage.scene(
    'What was approved is used up',
    'Two uses were countersigned. Counted over all processes, and never more.',
  )
  const proof = await proofOfUse(services.ledger, { token, key })
  const last = await agent.use(services.ledger, call, { token, proof })
  if (last.status !== 200) throw new Error(`the second use is refused: ${JSON.stringify(last.body)}`)
  stage.done('the second use')
  const replayed = await agent.use(services.ledger, call, { token, proof })
  refused(stage, 'The very same request, sent again', 'proof-replayed', problemOf(replayed), [
    textAt(replayed.body, 'detail'),
  ])
  const third = await agent.use(services.ledger, call, { token, key })
  const why = textAt(third.body, 'context', 'reason')
  // Until the last use is on the record nobody else could have it either; then the waiver itself is over.
  refused(stage, 'A third use', ['budget-taken', 'no-waiver'].find((one) => one === why) ?? 'budget-spent', why, [])
  await gone(stage, await as(behind[0][0]), waiver)
  await withoutAccess(stage, target)
  const { body } = await agent.get(task)
  const after = await waitFor(stage, 'every process hears of it', async () => {
    const told = await agent.evaluate(call, { approval: at(body, 'result', 'approval') })
    return textAt(told.body, 'context', 'next_action') === 'request' ? told : undefined
  })
  refused(stage, 'The approval, shown once more', 'approval_expired', textAt(after.body, 'context', 'reason'), [
    'next: request, with a new offer',
  ])
}

async function killed(story: AgentStory, before: Person, key: ProofKey): Promise<string> {
  const { stage, agent, services, as, target } = story
  stage.scene(
    'It asks again, and then somebody pulls the switch',
    'Asking again back to back counts as more time: somebody else has to countersign.',
  )
  const denial = await agent.evaluate(call)
  const asking = { reason: 'One more entry of the same batch.', until: soon(600), uses: 5, watcher: watcher.id }
  const taken = await agent.submit(denial, call, asking)
  const task = textAt(taken.body, 'task', 'status_endpoint')
  const waiver = await waiverOf(story, task)
  const routing = value(await (await as(behind[0][0])).eligible(waiver))
  const other = routing.eligible.find((one) => one.person !== before.id)
  if (other === undefined) throw new Error('nobody else is independent')
  const signer = await as(personOf(other.person))
  value(await signer.countersign(waiver, { digest: digestOf(await read(signer, waiver)), acknowledges: [] }))
  stage.done(`${routing.names[other.person] ?? other.person} countersigns`)
  const { body } = await agent.get(task)
  await agent.post(textAt(body, 'task', 'links', 'start'))
  const approval = at(body, 'result', 'approval')
  await waitFor(stage, 'the role is being given again', async () =>
    (await agent.evaluate(call, { approval })).body.decision === true ? true : undefined,
  )
  const token = textAt((await agent.exchange('sys_ledger-db', key)).body, 'access_token')
  const works = await agent.use(services.ledger, call, { token, key })
  if (works.status !== 200) throw new Error(`what was approved is refused: ${JSON.stringify(works.body)}`)
  stage.done('it works again')
  const owner = await as(behind[0][0])
  const switched = value(
    await owner.kill({ scope: { of: 'workload', id: agent.id }, reason: 'it should not be doing this at all' }),
  )
  if (!switched.complete) throw new Error('the switch left something')
  stage.done(
    `${routing.names[behind[0][0].id] ?? 'its owner'} ends everything of the agent, in one act`,
    `no process said yes any more after ${Math.round(switched.everywhereAfterMillis)} ms`,
  )
  const next = await agent.use(services.ledger, call, { token, key })
  refused(
    stage,
    'The very next use, with a token that has minutes left',
    'no-waiver',
    textAt(next.body, 'context', 'reason'),
    [],
  )
  const again = await agent.exchange('sys_ledger-db', key)
  refused(stage, 'Another token', 'invalid_target', problemOf(again), [textAt(again.body, 'error_description')])
  await gone(stage, owner, waiver)
  await withoutAccess(stage, target)
  return waiver
}

/** For whoever looks around: a request that nobody has decided. @returns who could, whoever is on duty before others */
export async function asksOnceMore(story: AgentStory): Promise<{ readonly waiver: string; readonly decider: string }> {
  const { stage, agent, as } = story
  const denial = await waitFor(stage, 'the agent asks for one thing more', async () => {
    const told = await agent.evaluate(another)
    return told.body.decision === false && 'access_request' in (at(told.body, 'context') as object) ? told : undefined
  })
  const asking = { reason: justification, until: soon(1_800), uses: 1, watcher: watcher.id }
  const waiver = await waiverOf(
    story,
    textAt((await agent.submit(denial, another, asking)).body, 'task', 'status_endpoint'),
  )
  const routing = value(await (await as(behind[0][0])).eligible(waiver))
  const first = routing.eligible[0]?.person ?? ''
  return { waiver, decider: `${routing.names[first] ?? first} (${first.slice('per_'.length)})` }
}

async function gone(stage: Stage, client: Client, waiver: string): Promise<void> {
  const waiting = stage.waiting('the access is being taken away, and read back')
  const { waiver: ended } = await until(client, waiver, ({ waiver: { removal } }) => removal.state === 'verified')
  waiting.end()
  stage.done(`the waiver is over (${ended.end?.cause}): role revoked, target read back`)
}

async function withoutAccess(stage: Stage, target: Target): Promise<void> {
  const session = await target.signIn('reconciliation_agent')
  const answer = await session.ask(booking(call.account, call.amount_cents))
  await session.close()
  if ('rows' in answer) throw new Error('the access is still there')
  stage.seen(`signed in to the database as reconciliation_agent: ${answer.refused}`)
}

/** Found as people find it: in the list of what is open. The agent itself only holds the task. */
async function waiverOf({ as, agent }: AgentStory, task: string): Promise<string> {
  const { body } = await agent.get(task)
  const page = textAt(body, 'task', 'links', 'ticket')
  const id = page.slice(page.lastIndexOf('/') + 1)
  return (await read(await as(behind[0][0]), id)).waiver.id
}

const triesMax = 300

async function waitFor<Value>(stage: Stage, what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  const waiting = stage.waiting(what)
  try {
    for (let tries = 0; tries < triesMax; tries++) {
      const found = await look()
      if (found !== undefined) return found
      await pause(200)
    }
  } finally {
    waiting.end()
  }
  throw new Error(`it did not happen: ${what}`)
}

/** Shown only when it was refused, and for the very reason it has to be. */
function refused(stage: Stage, who: string, expected: string, said: string, paths: readonly string[]): void {
  if (said !== expected) throw new Error(`${who}: expected ${expected}, not ${said}`)
  stage.refused(who, said, paths)
}

function soon(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString()
}
