/** Sends one act that is no decision, once, and makes what is known about the waiver old. */
import { useRef, useState } from 'react'
import type { Answer, ClientProblem } from '../../src/client/index.ts'
import { queries } from '../app/queries.ts'

export interface Act {
  readonly running: boolean
  readonly problem: ClientProblem | undefined
  run(): void
}

export function useAct(
  waiver: string,
  send: (key: string) => Promise<Answer<unknown>>,
  done: () => void = () => {},
): Act {
  const [running, setRunning] = useState(false)
  const [problem, setProblem] = useState<ClientProblem>()
  // Kept while nothing is known of the outcome, so that asking again is no second act.
  const key = useRef<string>(undefined)
  const run = async () => {
    setRunning(true)
    setProblem(undefined)
    key.current ??= crypto.randomUUID()
    const answer = await send(key.current)
    if (answer.ok || answer.problem.status !== 0) key.current = undefined
    if (answer.ok) done()
    else setProblem(answer.problem)
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === waiver || queryKey[0] === 'inbox' })
    setRunning(false)
  }
  return {
    running,
    problem,
    run: () => {
      if (!running) void run()
    },
  }
}
