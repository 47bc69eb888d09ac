/** What time is it by the clock that rules are judged by? The server's, as far as it is known; this device's may be wrong. */
import { useEffect, useState } from 'react'

let aheadMillis = 0

/** @param now what the server said just now */
export function setClock(now: string): void {
  aheadMillis = Date.parse(now) - Date.now()
}

export function nowMillis(): number {
  return Date.now() + aheadMillis
}

/** Renders again as time goes by. */
export function useNow(everyMillis: number): number {
  const [now, setNow] = useState(nowMillis)
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMillis()), everyMillis)
    return () => clearInterval(timer)
  }, [everyMillis])
  return now
}
