/** What would follow of these files, asked when somebody pauses. The checker is the one that would judge the proposal. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { PolicyReport } from '../../src/client/index.ts'
import { api, yes } from '../app/api.ts'

export interface WrittenFile {
  readonly name: string
  readonly text: string
}

const pauseMillis = 500

export interface Check {
  readonly report: PolicyReport | undefined
  /** The report is of what is written now. */
  readonly current: boolean
  readonly error: Error | null
}

export function useCheck(files: readonly WrittenFile[]): Check {
  const [paused, setPaused] = useState(files)
  useEffect(() => {
    const timer = setTimeout(() => setPaused(files), pauseMillis)
    return () => clearTimeout(timer)
  }, [files])
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['policy', 'check', paused],
    queryFn: ({ signal }) =>
      yes(api.checkPolicy({ files: paused.map(({ name, text }) => ({ name, text })) }, { signal })),
    enabled: paused.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return { report: data, current: paused === files && data !== undefined && !isPlaceholderData, error }
}

/** `policy.yaml:14:3`; names may have colons, so the numbers are read from the end. */
export function placeOf(where: string): { readonly file: string; readonly line: number; readonly column: number } {
  const [, file = where, line = '1', column = '1'] = /^(.*):(\d+):(\d+)$/.exec(where) ?? []
  return { file, line: Number(line), column: Number(column) }
}
