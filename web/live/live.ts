/**
 * Keeps what is on the screen true: whatever happens on the server makes the answers it concerns old, and they are asked
 * for again. One tab listens and tells the others, because a browser has few connections to one server.
 */
import type { QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { api } from '../app/api.ts'

type Told = { readonly stream: string } | 'everything'

let listening = false
const watchers = new Set<() => void>()

function setListening(now: boolean): void {
  listening = now
  for (const watcher of watchers) watcher()
}

/** Whether the page hears of changes at once. */
export function useListening(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => listening,
  )
}

export function useLive(queries: QueryClient): void {
  useEffect(() => {
    const off = new AbortController()
    const channel = new BroadcastChannel('countersign-live')
    const take = (told: Told) => forget(queries, told)
    channel.onmessage = ({ data }: MessageEvent<Told>) => {
      setListening(true)
      take(data)
    }
    const tell = (told: Told) => {
      channel.postMessage(told)
      take(told)
    }
    void alone(off.signal, () => listenOn(tell, off.signal))
    return () => {
      off.abort()
      channel.close()
      setListening(false)
    }
  }, [queries])
}

/** In the one tab that has the lock; where there are no locks, in every tab. */
async function alone(signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  if (navigator.locks === undefined) return run()
  setListening(true)
  await navigator.locks.request('countersign-live', { signal }, run).catch(() => {})
}

const pauseMillisMax = 20_000

async function listenOn(tell: (told: Told) => void, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      for await (const news of api.live({ signal })) {
        failures = 0
        setListening(true)
        // Also what happened while nobody listened.
        if (news.news === 'record') tell({ stream: news.stream })
        else tell('everything')
      }
    } catch {
      failures++
    }
    if (signal.aborted) return
    setListening(false)
    await pause(Math.min(pauseMillisMax, 500 * 2 ** failures) * (0.5 + Math.random()), signal)
  }
}

function pause(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

const gatheredMillis = 150
let gathered: Set<string> | 'everything' | undefined

/** What happens at once is asked for once. */
function forget(queries: QueryClient, told: Told): void {
  if (gathered === undefined) {
    setTimeout(() => {
      const what = gathered
      gathered = undefined
      if (what !== undefined) void refresh(queries, what)
    }, gatheredMillis)
    gathered = new Set()
  }
  if (told === 'everything') gathered = told
  else if (gathered !== 'everything') gathered.add(told.stream)
}

/** Lists of many waivers, and of all records. */
const lists = ['inbox', 'reviews', 'removals', 'waivers', 'records']

/** What follows from the installation's own records: rules, directory, who may be whom. */
const ofInstallation = [
  'policy',
  'me',
  'changes',
  'change',
  'directory',
  'node',
  'nodes',
  'provenance',
  'two',
  'links',
  'holds',
  'hold',
  'coverage',
  'standby',
  'standby-picture',
]

/** Answers about one waiver have its id as the second part of their key. */
function refresh(queries: QueryClient, told: ReadonlySet<string> | 'everything'): Promise<void> {
  if (told === 'everything') return queries.invalidateQueries()
  const passkeys = [...told].some((stream) => stream.startsWith('pks_'))
  const drift = [...told].some((stream) => stream.startsWith('drf_'))
  const rules = [...told].some((stream) => !/^(?:wvr|pks|drf)_/.test(stream))
  return queries.invalidateQueries({
    predicate: ({ queryKey: [what, of] }) =>
      told.has(String(of)) ||
      lists.includes(String(what)) ||
      (passkeys && what === 'passkeys') ||
      (drift && what === 'drift') ||
      (rules && ofInstallation.includes(String(what))),
  })
}
