/** Settings that every connector over HTTP shares. Secrets stand in settings as references only. */
import { z } from 'zod'

export const reference = z.string().regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^\p{Cc}]+)$/u, {
  error: 'must be a reference such as `env:NAME` or `file:/run/secrets/name`',
})
