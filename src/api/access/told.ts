/** Offers, tasks and problems of the profile on their way out. What is told of a task never says who decides, or how. */

import type { FastifyReply } from 'fastify'
import {
  type DraftProblem,
  draftProblems,
  problemUrn,
  reevaluate,
  type TaskAnswer,
} from '../../access-request/index.ts'
import type { Instant } from '../../core/time.ts'
import type { AccessRequestDesk } from '../../engine/access-requests/desk.ts'
import type { Offer } from '../../engine/access-requests/offers.ts'
import { stateOf, type Task } from '../../engine/access-requests/tasks.ts'

export const requestsPath = '/access/v1/requests'
export const requestSchemaPath = '/access/v1/request-schema'

export function accessRequestMember(
  base: string,
  { token, expiresAt }: Offer,
  { system, entitlement, subject }: { system: string; entitlement: string; subject: string },
) {
  const [on, what, who] = [system, entitlement, subject].map(encodeURIComponent)
  return {
    endpoint: `${base}${requestsPath}`,
    template: entitlement,
    expires_at: expiresAt,
    binding_token: token,
    request_schema_url: `${base}${requestSchemaPath}/${on}/${what}?subject=${who}`,
    display: {
      title: 'This can be asked for',
      description: 'Somebody independent decides. Nothing is granted by asking.',
    },
  }
}

export async function taskAnswerOf(desk: AccessRequestDesk, task: Task, now: Instant): Promise<TaskAnswer> {
  const { status, approval } = task
  const answer: TaskAnswer = { task: taskTold(desk.issuer, task) }
  if (status !== 'approved' || approval === undefined) return answer
  const { id, approvedAt, approvedUntil } = approval
  return {
    ...answer,
    result: {
      mode: reevaluate,
      approval: {
        id,
        ...(approvedAt === undefined ? {} : { approved_at: approvedAt }),
        approved_until: approvedUntil,
        // INVARIANT: nothing is signed for what gives nothing now; whoever decides elsewhere has only the signature.
        ...(now < approvedUntil && task.waiver.suspension === undefined
          ? { state: await stateOf(desk, task, approval, now) }
          : {}),
      },
    },
  }
}

export function taskTold(base: string, { taken, waiver, status, expiresAt }: Task): TaskAnswer['task'] {
  const at = `${base}${requestsPath}/${taken.task}`
  const steps = waiver.obligations.steps
  const pending = status === 'pending'
  const waits = status === 'approved' && waiver.status === 'countersigned'
  return {
    id: taken.task,
    status,
    status_endpoint: at,
    expires_at: expiresAt,
    ...(pending
      ? {
          progress: {
            current_step: waiver.status === 'requested' ? 1 : steps.length,
            total_steps: steps.length,
            step_name: (waiver.status === 'requested' ? steps[0] : steps.at(-1)) ?? '',
          },
        }
      : {}),
    links: {
      ticket: `${base}/waivers/${waiver.id}`,
      ...(pending ? { cancel: `${at}/cancel` } : {}),
      ...(waits ? { start: `${at}/start` } : {}),
    },
    display: { title: titles[status] },
  }
}

const titles: Readonly<Record<Task['status'], string>> = {
  pending: 'Somebody independent has been asked',
  approved: 'Countersigned; ask the check again',
  denied: 'Denied',
  expired: 'Nobody decided in time',
  cancelled: 'Taken back, or ended before it was decided',
  failed: 'It could not be decided',
}

export function sendDraftProblem(reply: FastifyReply, name: DraftProblem, detail?: string): FastifyReply {
  const [status, title] = draftProblems[name]
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({ type: problemUrn(name), title, status, detail: detail ?? title })
}
