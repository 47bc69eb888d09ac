/** What a submission has to say beyond the question that was denied, as JSON Schema: for programs that ask by themselves. */
import { z } from 'zod'
import { jsonSchema, ownMembers } from '../../access-request/index.ts'
import { describe } from '../../core/compile.ts'
import { entitlementOf, entryOf, type Tier } from '../../core/policy.ts'
import { kindsFor } from '../../core/request-kinds.ts'
import { durationOf } from '../../core/time.ts'
import { requestSchemaPath } from '../access/told.ts'
import { reads } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem, problem } from '../problem.ts'
import { entitlementId, nodeId, systemId } from '../schema/text.ts'
import { type Sight, sightFor } from '../sight.ts'

const path = z.strictObject({ system: systemId, entitlement: entitlementId })
const query = z.strictObject({ subject: nodeId.meta({ description: 'For whom it is asked.' }) })

export function accessRequestSchemaRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'accessRequestSchema',
    tags: ['access'],
    summary: 'What has to be said when asking for this',
    description: 'JSON Schema of what a submission adds to the question that was denied.',
    ok: jsonSchema,
  })
  scope.get(
    `${requestSchemaPath}/:system/:entitlement`,
    { schema: { ...about, params: path, querystring: query } },
    async (request, reply) => {
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      const rules = rulesFor(sight, request.params, request.query.subject)
      return rules === undefined ? parts.send(reply, problem('not-found')) : schemaFor(rules)
    },
  )
}

/** Of the tier it would be decided in, by the rules of now; what counts is what the core says when it is asked. */
function rulesFor(
  { policy, directory, now }: Sight,
  of: { readonly system: string; readonly entitlement: string },
  subject: string,
): Tier | undefined {
  const tier = entitlementOf(policy, of)?.tier
  const rules = tier === undefined ? undefined : entryOf(policy.tiers, tier)
  if (tier === undefined || rules === undefined) return undefined
  const [kind] = kindsFor(
    describe(directory, subject, now),
    [{ system: of.system, tier, rules, breakGlass: false }],
    policy,
  )
  return kind?.rules
}

function schemaFor({ windowSecondsMax, controlsRequired }: Tier): Readonly<Record<string, unknown>> {
  const controls = {
    type: 'array',
    description: 'Compensating controls that hold meanwhile; each has an owner who does not benefit.',
    items: {
      type: 'object',
      required: ['control', 'owner', 'every'],
      properties: {
        control: { type: 'string' },
        owner: { type: 'string', pattern: '^per_' },
        every: { type: 'string', description: 'ISO 8601 duration.' },
      },
    },
    allOf: controlsRequired.map((control) => ({ contains: { properties: { control: { const: control } } } })),
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['context', 'requested_access'],
    properties: {
      context: {
        type: 'object',
        required: ['business_justification'],
        properties: {
          business_justification: {
            type: 'string',
            minLength: 1,
            maxLength: 2_000,
            description: 'Why it is needed. A person reads it, as words of whoever asks.',
          },
        },
      },
      requested_access: {
        type: 'object',
        required: ['requested_until', ...(controlsRequired.length === 0 ? [] : [ownMembers.controls])],
        properties: {
          requested_until: {
            type: 'string',
            format: 'date-time',
            description: `Until when; at most ${durationOf(windowSecondsMax)} from now.`,
          },
          [ownMembers.usesMax]: { type: 'integer', minimum: 1, default: 1, description: 'At most so many uses.' },
          [ownMembers.account]: { type: 'string', description: 'Which account, where there are several.' },
          [ownMembers.controls]: controls,
        },
      },
    },
  }
}
