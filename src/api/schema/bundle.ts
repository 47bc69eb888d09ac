/** A bundle goes out as the text it is checked as; its closed form is that of the proof room. */
import { z } from 'zod'
import { yesOrNo } from './text.ts'

export type { Bundle } from '../../proof/bundle/form.ts'

export const bundle = z.record(z.string(), z.unknown()).meta({
  id: 'Bundle',
  description:
    'Events with what opens their leaves, the facts and rules they rested on, proofs, and a signed checkpoint; `docs/proof.md` has its form, `countersign verify` checks it.',
})

export const bundleQuery = z
  .strictObject({
    directory: yesOrNo(
      'Whether the directories are in it, which name everybody in the organisation. Without them decisions cannot be decided again.',
    ).default('true'),
  })
  .meta({ description: 'What to leave out.' })

export interface BundleQuery {
  readonly directory?: boolean
}
