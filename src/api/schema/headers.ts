/** What may come along with a request besides its body. */
import { z } from 'zod'

export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{8,128}$/, { error: 'expected 8 to 128 visible ASCII characters' })
  .meta({
    description:
      'A key of your own for this write. The same key and request are answered once and the same; the same key with another request is refused.',
    examples: ['3b1f6a52-8a0e-4f0e-9f4b-2f6b9c1d7e55'],
  })

export const writeHeaders = z
  .looseObject({ 'idempotency-key': idempotencyKey.exactOptional() })
  .meta({ description: 'Headers of a write.' })
