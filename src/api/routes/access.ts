/**
 * The runtime check for machines: OpenID AuthZEN Authorization API 1.0. A no is answered with 200 and `decision: false`;
 * errors are about the question. Decisions come from `engine/runtime`, from memory; nothing is decided here.
 */
import type { z } from 'zod'
import type { Actor } from '../../core/waiver.ts'
import { unreadable } from '../access/answer.ts'
import { decide } from '../access/decide.ts'
import { reads } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem, type Problem, problem } from '../problem.ts'
import { type DecisionView, decision, decisions, evaluation, evaluations } from '../schema/access.ts'

export const evaluationPath = '/access/v1/evaluation'
export const evaluationsPath = '/access/v1/evaluations'

export function accessRoutes(scope: Scope, parts: Parts): void {
  one(scope, parts)
  several(scope, parts)
}

function one(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'evaluate',
    tags: ['access'],
    summary: 'May this subject do this on this resource, now, and under which waiver?',
    description:
      'OpenID AuthZEN Authorization API 1.0. Answered from memory, never older than two seconds: a process that cannot be current says no.',
    ok: decision,
  })
  const schema = { ...about, body: evaluation }
  // The schema of the answer is open, so holding a decision against it would find nothing and take time at every use.
  const serializerCompiler = () => JSON.stringify
  scope.post(evaluationPath, { schema, serializerCompiler }, (request, reply) => {
    const told = (decided: DecisionView | Problem): void => {
      if (isProblem(decided)) parts.send(reply, decided)
      else reply.send(decided)
    }
    const decided = decide(parts, callerOf(request), request.body)
    return decided instanceof Promise ? decided.then(told) : told(decided)
  })
}

function several(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'evaluateAll',
    tags: ['access'],
    summary: 'Several such questions at once',
    description:
      'With `execute_all` every question is answered; `deny_on_first_deny` stops at the first no, `permit_on_first_permit` at the first yes.',
    ok: decisions,
  })
  scope.post(evaluationsPath, { schema: { ...about, body: evaluations } }, async (request, reply) => {
    const { evaluations: entries = [], options, ...whole } = request.body
    const caller = callerOf(request)
    if (entries.length === 0) {
      const single = evaluation.safeParse(whole)
      if (!single.success) return parts.send(reply, problem('malformed-request', firstIssue(single.error)))
      const decided = await decide(parts, caller, single.data)
      return isProblem(decided) ? parts.send(reply, decided) : decided
    }
    const semantic = options?.evaluations_semantic ?? 'execute_all'
    const run = (only?: 'ask') => answersTo(parts, caller, whole, entries, semantic, only)
    // Where the first no ends it, nothing of it is done: then nothing of it counts as used.
    const foreseen = semantic === 'deny_on_first_deny' ? await run('ask') : []
    const denied = foreseen.some(({ decision }) => !decision)
    return { evaluations: denied ? foreseen : await run() }
  })
}

async function answersTo(
  parts: Parts,
  caller: Actor,
  whole: object,
  entries: readonly Readonly<Record<string, unknown>>[],
  semantic: Semantic,
  only?: 'ask',
): Promise<readonly DecisionView[]> {
  const answers: DecisionView[] = []
  for (const entry of entries) {
    const answer = await entryAnswer(parts, caller, whole, entry, only)
    answers.push(answer)
    if (ends(semantic, answer.decision)) break
  }
  return answers
}

type Semantic = 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit'

function ends(semantic: Semantic, decided: boolean): boolean {
  return semantic === 'deny_on_first_deny' ? !decided : semantic === 'permit_on_first_permit' && decided
}

const members = ['subject', 'action', 'resource', 'context'] as const
/** What an entry may leave to the top although it names the rest of the same member. */
const identifiers: Readonly<Record<string, readonly string[]>> = {
  subject: ['type', 'id'],
  resource: ['type', 'id'],
  action: ['name'],
}

async function entryAnswer(
  parts: Parts,
  caller: Actor,
  whole: object,
  entry: Readonly<Record<string, unknown>>,
  only?: 'ask',
): Promise<DecisionView> {
  const merged = Object.fromEntries(members.map((member) => [member, merge(member, whole, entry)]))
  const read = evaluation.safeParse(merged)
  if (!read.success) return unreadable(firstIssue(read.error))
  const decided = await decide(parts, caller, read.data, only)
  return isProblem(decided) ? unreadable(decided.body.detail) : decided
}

/** A member of an entry replaces that of the top as a whole; only a missing type, id or name is taken from there. */
function merge(member: (typeof members)[number], whole: object, entry: Readonly<Record<string, unknown>>): unknown {
  const top = (whole as Readonly<Record<string, unknown>>)[member]
  const own = entry[member]
  if (own === undefined) return top
  if (!isRecord(own) || !isRecord(top)) return own
  const missing = (identifiers[member] ?? []).filter((name) => own[name] === undefined && top[name] !== undefined)
  return { ...own, ...Object.fromEntries(missing.map((name) => [name, top[name]])) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it cannot be read' : `\`${issue.path.join('.')}\`: ${issue.message}`
}
