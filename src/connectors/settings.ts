/**
 * Settings that several kinds of sources have in common. What ends up in ids is limited here, so that no setting can make
 * one source's ids look like another's.
 */
import { z } from 'zod'

/** A part of ids that keeps the names of one source apart from those of all others. */
export const namespace = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, {
  error: 'expected lower-case letters, digits and `-`',
  abort: true,
})

/** Comes before names in ids: `github-` makes `per_github-maria`. */
export const idPrefix = z
  .string()
  .regex(/^(?:[a-z0-9][a-z0-9-]{0,38}-)?$/, {
    error: 'expected lower-case letters, digits and `-`, with `-` at the end',
    abort: true,
  })
  .default('')

/** Whom a source means by a name of its own. Nobody is ever guessed from a name. */
export const peopleByName = z
  .record(
    z.string().min(1),
    z
      .string()
      .regex(/^(?:per_)?[a-z0-9](?:[a-z0-9._-]{0,158}[a-z0-9])?$/, {
        error: 'expected the id of a person',
        abort: true,
      })
      .transform((id) => (id.startsWith('per_') ? id : `per_${id}`)),
  )
  .default({})

export const nobodies = z.array(z.string().min(1)).default([])
