/** The rules in force, earlier and proposed ones by their digest, and what files would mean if they were the rules. */
import type { Founding } from '../../core/founding.ts'
import type { Policy } from '../../core/policy.ts'
import { refusal } from '../../core/refusal.ts'
import { compareRules } from '../../core/rules-diff.ts'
import type { Actor } from '../../core/waiver.ts'
import { policyRevision } from '../../engine/rules.ts'
import { policyFiles } from '../../files/policy-text.ts'
import { reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem, problem } from '../problem.ts'
import * as schema from '../schema/policy.ts'
import { namesIn, type Sight, seesSettings, shownDifferences, shownPolicy, sightFor } from '../sight.ts'

/** All files of a policy together. */
export const filesBytesMax = 4 * 1024 * 1024

export function policyRoutes(scope: Scope, parts: Parts): void {
  inForce(scope, parts)
  asFiles(scope, parts)
  checking(scope, parts)
}

function inForce(scope: Scope, parts: Parts): void {
  const about = reads({ operationId: 'policy', tags: ['policy'], summary: 'The policy in force', ok: schema.policy })
  scope.get('/v1/policy', { schema: about }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { policySince } = await parts.machinery.store.heads()
    return {
      ...policyView(sight, sight.known.todayDigest, sight.policy),
      ...(policySince === undefined ? {} : { since: policySince }),
    }
  })

  const revisionAbout = reads({
    operationId: 'policyRevision',
    tags: ['policy'],
    summary: 'A policy by its digest',
    description:
      'What a change proposes, what a waiver was asked under; for founders also what they are asked to accept.',
    ok: schema.policy,
  })
  scope.get(
    '/v1/policy/revisions/:digest',
    { schema: { ...revisionAbout, params: schema.policyPath } },
    async (request, reply) => {
      const { digest } = request.params
      const caller = callerOf(request)
      const found = await parts.machinery.store.revisions.policy(digest)
      const unknown = problem('unknown-policy', `there is no policy \`${digest}\``)
      if (await isFounderBefore(parts, caller)) {
        return found === undefined
          ? parts.send(reply, unknown)
          : { digest, complete: true, policy: { ...found }, names: {} }
      }
      const sight = await sightFor(parts, caller)
      if (isProblem(sight)) return parts.send(reply, sight)
      return found === undefined ? parts.send(reply, unknown) : policyView(sight, digest, found)
    },
  )
}

function asFiles(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'policyText',
    tags: ['policy'],
    summary: 'The policy in force as files, to begin a change with',
    description:
      'Read again they are the same policy. For those who see the settings of targets, since these are in it.',
    ok: schema.policyText,
  })
  scope.get('/v1/policy/files', { schema: about }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    if (!seesSettings(sight)) {
      const no = refusal('not-permitted', 'settings of targets are in it, which are for those who answer for the rules')
      return parts.send(reply, refusalProblem(sight, no, undefined))
    }
    return {
      digest: sight.known.todayDigest,
      files: policyFiles(sight.policy).map(({ name, text }) => ({ name, text })),
    }
  })
}

function policyView(sight: Sight, digest: string, policy: Policy): schema.PolicyView {
  const complete = seesSettings(sight)
  const shown = shownPolicy(policy, complete)
  const teams = Object.keys(policy.independence.teams)
  return { digest, complete, policy: shown, names: namesIn(sight.index, shown, Object.keys(policy.systems), teams) }
}

/** Before there are rules nobody has a standing but the founders. */
async function isFounderBefore({ machinery }: Parts, { id }: Actor): Promise<boolean> {
  const founding = (await machinery.store.records.find('founding')) as Founding | undefined
  return founding?.status === 'proposed' && founding.founders.includes(id)
}

function checking(scope: Scope, parts: Parts): void {
  const about = writes({
    operationId: 'checkPolicy',
    tags: ['policy'],
    summary: 'What these files say and what would follow',
    description:
      'Reads the files, compares them with the rules in force, and looks for what would go wrong with the people there are. Records nothing.',
    ok: schema.policyReport,
  })
  scope.post(
    '/v1/policy/check',
    { bodyLimit: filesBytesMax, schema: { ...about, body: schema.policyFiles } },
    async (request, reply) => {
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      const read = parts.options.readPolicyFiles(request.body.files)
      if ('problems' in read)
        return { readable: false, problems: read.problems, findings: [], tiers: [], differences: [], names: {} }
      const policy = { ...read.policy, founders: sight.policy.founders }
      const { findings, tiers } = await parts.options.checkPolicy(policy)
      return {
        readable: true,
        digest: policyRevision(policy).digest,
        problems: [],
        findings,
        tiers,
        differences: shownDifferences(compareRules(sight.policy, policy), seesSettings(sight)).map(
          ({ rule: _, touches: __, ...difference }) => difference,
        ),
        names: namesIn(
          sight.index,
          findings.map(({ about }) => about),
        ),
      }
    },
  )
}
