/** Records of the log, newest first, and one of them with what opens its leaf, so that whoever reads it can check it alone. */
import { encodeBase64 } from '../../log/index.ts'
import { reads } from '../documented.ts'
import { isSeenWhole, shownEvent } from '../event-view.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem, problem } from '../problem.ts'
import { recordDetail, recordPath, recordsPage, recordsQuery } from '../schema/event.ts'
import { namesIn, sightFor } from '../sight.ts'
import { seesStream, shownRecords } from './feed.ts'

export function logRecordRoutes(scope: Scope, parts: Parts): void {
  const listAbout = reads({
    operationId: 'records',
    tags: ['feed'],
    summary: 'Records, newest first',
    description: 'Reviewers and the security pool read all of it; everybody else what they may read.',
    ok: recordsPage,
  })
  scope.get('/v1/records', { schema: { ...listAbout, querystring: recordsQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { before, limit, ...filter } = request.query
    const asked = { ...filter, ...(before === undefined ? {} : { before: BigInt(before) }), limit: Number(limit) }
    const { events, next } = await parts.machinery.store.feed.before(asked)
    const records = await shownRecords(parts, sight, events)
    return { records, ...(next === undefined ? {} : { next: Number(next) }), names: namesIn(sight.index, records) }
  })

  const oneAbout = reads({
    operationId: 'record',
    tags: ['feed'],
    summary: 'One record, with what opens its leaf in the log',
    description: 'A record that is not yours to read and one that does not exist get the same answer.',
    ok: recordDetail,
  })
  scope.get('/v1/records/:position', { schema: { ...oneAbout, params: recordPath } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const found = await parts.machinery.store.feed.at(BigInt(request.params.position))
    const sees = found === undefined ? undefined : await seesStream(parts, sight, found.event)
    if (found === undefined || sees?.reads !== true)
      return parts.send(reply, problem('not-found', `there is no record at position ${request.params.position}`))
    const { event, salt, text } = found
    const record = shownEvent(sight, event, sees.paths)
    const opens = text !== undefined && isSeenWhole(sight, event.body, sees.paths)
    return {
      record,
      ...(opens ? { opening: { salt: encodeBase64(salt), body: text } } : {}),
      names: namesIn(sight.index, record),
    }
  })
}
