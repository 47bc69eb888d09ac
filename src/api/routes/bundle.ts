/** One waiver with everything somebody needs to check it alone. For those who may see all that is in it, and nobody else. */
import { refusal } from '../../core/refusal.ts'
import { BundleTooLarge, bundleOf } from '../../engine/bundle.ts'
import { spellBundle } from '../../proof/index.ts'
import { reads } from '../documented.ts'
import { lookAtRecord, unknownWaiver } from '../look.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { fault, isProblem, problem, refused } from '../problem.ts'
import { bundle, bundleQuery } from '../schema/bundle.ts'
import { waiverPath } from '../schema/waiver.ts'
import { seesSettings } from '../sight.ts'
import { transparencyOf } from './log.ts'

export function bundleRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'bundle',
    tags: ['waivers'],
    summary: 'A waiver with its proof, in one file',
    description:
      'For those who may see the paths of conflicts and the settings of targets, since both are in it: reviewers, the security pool, whoever decides about rules; never for the asking side.',
    ok: bundle,
  })
  scope.get(
    '/v1/waivers/:waiver/bundle',
    { schema: { ...about, params: waiverPath, querystring: bundleQuery } },
    async (request, reply) => {
      const seen = await lookAtRecord(parts, callerOf(request), request.params.waiver)
      if (isProblem(seen)) return parts.send(reply, seen)
      if (!seen.seesPaths || !seesSettings(seen.sight)) {
        const no = refusal(
          'not-permitted',
          'a bundle has paths of conflicts and settings in it that are not yours to see',
        )
        return parts.send(reply, refused(no))
      }
      const made = await bundleOf(parts.machinery.store, request.params.waiver, {
        witnessing: transparencyOf(parts).witnessing,
        withoutDirectory: request.query.directory === 'false',
      }).catch((error: unknown) => {
        if (error instanceof BundleTooLarge) return 'too-large' as const
        throw error
      })
      if (made === undefined) return parts.send(reply, unknownWaiver(request.params.waiver))
      if (made === 'too-large') return parts.send(reply, problem('bundle-too-large'))
      if (made === 'not-sealed') return parts.send(reply, fault('not-sealed'))
      return reply
        .type('application/json; charset=utf-8')
        .serializer(String)
        .send(spellBundle(made) as never)
    },
  )
}
