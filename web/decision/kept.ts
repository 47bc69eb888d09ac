/** What somebody has typed and not sent, for as long as this tab lives: it outlasts signing in again, and nothing else. */
import { useEffect, useState } from 'react'

/** @param name of the thing and of whose it is: what one person typed is not shown to the next */
export function useKept<Value>(name: string, initial: Value): readonly [Value, (value: Value) => void, () => void] {
  const key = `countersign ${name}`
  const [value, setValue] = useState<Value>(() => read(key) ?? initial)
  useEffect(() => {
    sessionStorage.setItem(key, JSON.stringify(value))
  }, [key, value])
  const forget = () => {
    sessionStorage.removeItem(key)
    setValue(initial)
  }
  return [value, setValue, forget]
}

function read<Value>(key: string): Value | undefined {
  const text = sessionStorage.getItem(key)
  if (text === null) return undefined
  try {
    return JSON.parse(text) as Value
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
