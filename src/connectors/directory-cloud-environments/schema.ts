/**
 * The accounts of one application in a cloud: its environments, which sign-on group holds which access level in each, and
 * whose it is. Read strictly: a field that is misspelled would take access, or an owner, out of sight.
 */
import { z } from 'zod'
import { exactText, idText } from '../../files/values.ts'

export const groupName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/, { error: 'expected the name of a group', abort: true })

const login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, { error: 'expected a GitHub login', abort: true })

/** The files say `"true"` as text. */
const flag = z.union([z.boolean(), z.enum(['true', 'false'])]).transform((value) => value === true || value === 'true')

const access = z.strictObject({
  sso_group_name: groupName,
  level: idText,
  github_action_reviewer: flag.default(false),
  nuke: z.unknown().optional(),
})

const environment = z.strictObject({
  name: idText,
  access: z.array(access),
  additional_reviewers: z.array(login).default([]),
  instance_scheduler_skip: z.unknown().optional(),
  nuke: z.unknown().optional(),
})

/** One name, several with commas between, or a list; nothing where it is empty. */
const groups = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
  .transform((names) => names.map((name) => name.trim()).filter((name) => name !== ''))
  .pipe(z.array(groupName))

const repositories = z
  .array(z.string())
  .transform((names) => names.filter((name) => name !== ''))
  .pipe(
    z.array(
      z.string().regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/, { error: 'expected `organisation/repository`' }),
    ),
  )

export const applicationSchema = z.strictObject({
  'account-type': idText,
  environments: z.array(environment).min(1),
  codeowners: groups.default([]),
  components: z.array(z.strictObject({ name: exactText, sso_group_name: groupName.optional() })).default([]),
  'github-oidc-team-repositories': repositories.default([]),
  // Tags come and go; these few say whose it is.
  tags: z.object({ application: exactText, 'business-unit': exactText, owner: exactText }),
  'go-live-date': z.unknown().optional(),
  'isolated-network': z.unknown().optional(),
})

export type Application = z.output<typeof applicationSchema>
export type Environment = Application['environments'][number]
