/**
 * A source that is pushed to us: an identity provider keeps users and groups up to date by SCIM, and what it has sent so
 * far is read like any other source. It is as fresh as the last call of its client: a provider that has fallen silent is
 * not known to have nothing to say.
 */
import { z } from 'zod'
import type { DirectoryFacts, NodeId, SourceChanges, SourceId, SourceSnapshot } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import type { ScimState } from '../../store/scim-contract.ts'
import { type DirectorySource, SourceError } from '../directory.ts'
import { idPrefix } from '../settings.ts'
import { changedFacts } from './changes.ts'
import { factsOf, namedBy, type ScimMapping } from './facts.ts'

const personId = z
  .string()
  .regex(/^per_[A-Za-z0-9][A-Za-z0-9._:@+-]{0,190}$/, { error: 'expected an id such as `per_simone`' })

export const scimSettings = {
  token: z.string().min(1).describe('reference to the secret its client sends, at least 32 characters'),
  idPrefix,
  ids: z
    .enum(['generated', 'userName', 'externalId', 'employeeNumber'])
    .default('generated')
    .describe('what a person is called in the directory'),
  accounts: z
    .array(
      z.strictObject({
        on: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,94}$/, { error: 'expected the key of an issuer, or `sys_…`' }),
        login: z.enum(['userName', 'externalId', 'email']).default('userName'),
      }),
    )
    .default([])
    .describe('where its users have accounts'),
  accountsConfirmedBy: z
    .tuple([personId, personId])
    .refine(([one, other]) => one !== other, { error: 'name two different people' })
    .optional()
    .describe('who vouches for the accounts where ids come from elsewhere; each for everybody but themselves'),
  departments: z.boolean().default(true).describe('whether a department is a team'),
  externalTypes: z
    .array(z.string().min(1))
    .default(['Guest', 'External', 'Contractor', 'Vendor'])
    .describe('values of `userType` of people who are not employed here'),
}

export type ScimSettings = z.output<z.ZodObject<typeof scimSettings>>

export interface DirectoryScimOptions extends Omit<ScimSettings, 'token'> {
  readonly source: SourceId
  readonly staleAfterSeconds?: number
  readonly state: Pick<ScimState, 'everything' | 'changes' | 'named'>
}

const staleAfterSecondsUsual = 86_400
const revisionPrefix = 'scim:'
/** More at once are as quickly read with everybody else. */
const changesMax = 1_000

export function directoryScim(options: DirectoryScimOptions): DirectorySource {
  const { source, state, staleAfterSeconds = staleAfterSecondsUsual } = options
  const mapping = mappingOf(options)
  const stateAt = (revision: string, heardAt: Instant, now: Instant) => ({
    id: source,
    revision: `${revisionPrefix}${revision}`,
    observedAt: heardAt < now ? heardAt : now,
    staleAfterSeconds,
  })
  return {
    kind: 'directory-scim',
    async read(now: Instant): Promise<SourceSnapshot> {
      const { revision, heardAt, resources } = await state.everything(source)
      if (heardAt === undefined)
        throw new SourceError([{ where: `scim ${source}`, message: 'its client has not called yet' }])
      return {
        source: stateAt(revision, heardAt, now),
        ...factsOf(resources, mapping),
        shifts: [],
      }
    },
    async readChanges(now: Instant, inForce: DirectoryFacts): Promise<SourceChanges | undefined> {
      const base = inForce.sources.find(({ id }) => id === source)?.revision
      if (!base?.startsWith(revisionPrefix)) return undefined
      const answer = await state.changes(source, base.slice(revisionPrefix.length), changesMax)
      if (answer === undefined) return undefined
      const { revision, heardAt, resources: changed } = answer
      const known = await state.named(source, revision, namedBy(changed))
      if (known === undefined) return undefined
      return {
        source: stateAt(revision, heardAt, now),
        ...changedFacts(inForce, source, { changed, known }, mapping),
      }
    },
  }
}

/**
 * Where the ids are this source's own, user and account are one record of the provider, and there is no link that could be
 * wrong. Where they name somebody whom others describe as well, the account is theirs only by somebody's word.
 */
function mappingOf({ ids, accountsConfirmedBy, ...mapping }: DirectoryScimOptions): ScimMapping {
  const vouched = (owner: NodeId) => (accountsConfirmedBy ?? []).some((person) => person !== owner)
  return { ...mapping, confirmed: (owner) => ids === 'generated' || vouched(owner) }
}
