/** Evidence of a period as a file: which period, and in which of the forms an auditor or a log pipeline takes. */
import { z } from 'zod'
import { periodFields } from './period.ts'

export const evidenceForms = ['html', 'oscal', 'controls', 'acts', 'ocsf'] as const

export const evidenceQuery = z
  .strictObject({
    ...periodFields,
    form: z.enum(evidenceForms).default('html').meta({
      description:
        '`html`: a page for people. `oscal`: assessment results. `controls`, `acts`: CSV. `ocsf`: events as JSON lines.',
    }),
  })
  .meta({ description: 'Which period, in which form.' })

export type EvidenceForm = (typeof evidenceForms)[number]
export interface EvidenceQuery {
  readonly from?: string
  readonly to?: string
  readonly form?: EvidenceForm
}
