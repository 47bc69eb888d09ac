/**
 * How does whatever went wrong look to a person and to a program? Every way in which a command can end without its result
 * has one exit code, one document and a sentence that says what to do.
 */
import { CommanderError } from 'commander'
import type { ProblemView } from '../client/index.ts'
import { type ExitName, exitCode } from './exit.ts'
import { nextStep } from './output/next-steps.ts'
import type { Page } from './output/page.ts'
import { refusalLines } from './output/refusal.ts'
import { quoted, visible, withoutUnseen } from './output/visible.ts'
import { SignInError } from './sign-in/index.ts'
import { ServerSaidNo, Stop, type Trouble } from './stop.ts'
import { UsageError } from './usage-error.ts'

export interface Failure {
  readonly exit: ExitName
  readonly document: { readonly error: Trouble & { readonly exit: number } }
  readonly lines: readonly string[]
}

export function failureOf(error: unknown, page: Page): Failure {
  if (error instanceof ServerSaidNo) return ofServer(error.problem, error.about, page)
  if (error instanceof Stop) return failure(error.exit, error.trouble, page)
  if (error instanceof UsageError) return failure('usage', usage(error.message), page)
  if (error instanceof CommanderError) return failure('usage', usage(ofCommander(error.message)), page)
  if (error instanceof SignInError) {
    return failure('notSignedIn', { kind: 'sign-in', code: error.code, message: error.message }, page)
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return failure('bug', { kind: 'bug', code: 'bug', message, next: 'please report this, with what you typed' }, page)
}

function ofServer(problem: ProblemView, about: string | undefined, page: Page): Failure {
  const exit = exitOf(problem)
  const { code, detail, request, reason } = problem
  if (exit === 'refused' || exit === 'notFound') {
    const next = nextStep(code, about)
    const trouble: Trouble = {
      kind: exit === 'refused' ? 'refusal' : 'not-found',
      code,
      message: detail,
      ...(next === '' ? {} : { next }),
      more: { problem },
    }
    const lines = refusalLines(page, problem, about)
    return {
      ...failure(exit, trouble, page),
      lines: exit === 'refused' ? lines : [`${page.paint.bad('not found')}: ${visible(detail)}`, ...lines.slice(2)],
    }
  }
  const next =
    exit === 'notSignedIn'
      ? reason === undefined
        ? 'run `countersign login`'
        : `run \`countersign login\` (${reason})`
      : nextOf(exit, request)
  const errors = (problem.errors ?? []).map(({ at, message }) => `; \`${at}\` ${message}`).join('')
  return failure(exit, { kind: kindOf(exit), code, message: detail + errors, next, more: { problem } }, page)
}

/** By family: see `api/problem.ts`, the only place that gives statuses. */
function exitOf({ code, status }: ProblemView): ExitName {
  if (code === 'unauthenticated' || code === 'not-admitted' || code === 'sign-in-not-fresh') return 'notSignedIn'
  if (status === 404) return 'notFound'
  if (status === 400 || status === 405 || status === 413 || status === 415) return 'usage'
  if (status === 0 || status === 429 || status === 502 || status === 503 || status === 504) return 'unreachable'
  return status >= 500 ? 'bug' : 'refused'
}

function kindOf(exit: ExitName): Trouble['kind'] {
  switch (exit) {
    case 'usage':
      return 'usage'
    case 'notSignedIn':
      return 'sign-in'
    case 'unreachable':
      return 'fault'
    default:
      return 'bug'
  }
}

function nextOf(exit: ExitName, request: string | undefined): string {
  const named = request === undefined ? '' : `, request ${request}`
  return exit === 'unreachable' ? `try again; nothing is lost${named}` : `see \`countersign help\`${named}`
}

function failure(exit: ExitName, trouble: Trouble, page: Page): Failure {
  const { kind, message, next } = trouble
  const word =
    kind === 'refusal' ? 'refused' : kind === 'not-found' ? 'not found' : kind === 'fault' ? 'no answer' : 'error'
  const lines = message
    .split('\n')
    .map((line, index) => (index === 0 ? `${page.paint.bad(word)}: ${withoutUnseen(line)}` : withoutUnseen(line)))
  return {
    exit,
    document: { error: { ...trouble, exit: exitCode(exit) } },
    lines: [...lines, ...(next === undefined || next === '' ? [] : [`  next: ${withoutUnseen(next)}`])],
  }
}

function usage(message: string): Trouble {
  return { kind: 'usage', code: 'usage', message }
}

/** Commander's sentence in our manner: lower-case, what was typed in backticks, the suggestion in the same line. */
function ofCommander(message: string): string {
  const [first = '', second = ''] = message.replace(/^error: /, '').split('\n')
  const names = /\(Did you mean (?:one of )?([^?]+)\?\)/.exec(second)?.[1]
  const meant = names === undefined ? '' : `; did you mean ${names.split(', ').map(quoted).join(' or ')}?`
  return first.replaceAll(/'([^']*)'/g, (_, typed: string) => quoted(typed)) + meant
}
