/**
 * The charter of a working group: who leads it, which areas it has, who approves and reviews in each, and which bots act
 * for it. Read strictly: a misspelled `approvers` would make its people strangers to their own area.
 */
import { z } from 'zod'
import { nameText } from '../../files/values.ts'

/** GitHub's own rule, with room for managed users (`name_company`). */
const login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, { error: 'expected a GitHub login', abort: true })

const account = z.strictObject({ github: login, name: nameText.nullish() })
const accounts = z
  .array(account)
  .nullish()
  .transform((list) => list ?? [])

const repository = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/, { error: 'expected `organisation/repository`' })

const area = z.strictObject({
  name: nameText,
  approvers: accounts,
  reviewers: accounts,
  bots: accounts,
  repositories: z
    .array(repository)
    .nullish()
    .transform((list) => list ?? []),
})

export const charterSchema = z.strictObject({
  name: nameText,
  execution_leads: accounts,
  technical_leads: accounts,
  bots: accounts,
  areas: z
    .array(area)
    .nullish()
    .transform((list) => list ?? []),
  // Known, and of no meaning for who is who.
  org: z.unknown().optional(),
  config: z.unknown().optional(),
})

export type Charter = z.output<typeof charterSchema>
export type Area = Charter['areas'][number]
export type AccountEntry = Area['bots'][number]
