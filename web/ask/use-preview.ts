/** What would follow from the form as it is, a moment after the last key. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Preview } from '../../src/client/index.ts'
import { api, ProblemError, yes } from '../app/api.ts'
import { entry, type Rules } from '../catalogue/catalogue.ts'
import { sentence } from '../shell/problem.tsx'
import { nowMillis } from '../time/clock.ts'
import { type Form, termsForPreview } from './form.ts'

const restMillis = 350

export function usePreview(form: Form, rules: Rules, me: string) {
  const settled = useSettled(form)
  const entitlement = entry(entry(rules.systems, settled.system)?.entitlements, settled.entitlement)
  const later = nextThree()
  const { data, error } = useQuery({
    // Words change nothing of what follows.
    queryKey: ['preview', JSON.stringify({ ...settled, reason: '', reference: '' })],
    queryFn: ({ signal }): Promise<Preview> => {
      if (entitlement === undefined) throw new Error('bug: nothing was chosen')
      return yes(api.preview({ terms: termsForPreview(settled, entitlement, me, nowMillis()), later }, { signal }))
    },
    enabled: entitlement !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
  const shown = entitlement === undefined || error !== null ? undefined : data
  return { preview: shown, later, problem: error instanceof ProblemError ? sentence(error.problem.detail) : undefined }
}

function useSettled(form: Form): Form {
  const [settled, setSettled] = useState(form)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(form), restMillis)
    return () => clearTimeout(timer)
  }, [form])
  return settled
}

/** The next three o'clock in the morning where the reader is. */
function nextThree(): string {
  const at = new Date(nowMillis())
  at.setHours(at.getHours() < 3 ? 3 : 27, 0, 0, 0)
  return at.toISOString()
}
