/** What holds for a while and then something else: a line of time without holes, cut only where something changes. */

export interface Stretch<Value> {
  /** Milliseconds; `[start, end)`. */
  readonly start: number
  readonly end: number
  readonly value: Value
}

/**
 * @param at what holds at a moment, and until when it certainly does.
 * @returns the line from `from` to `to`; neighbours that `same` calls equal are one stretch.
 */
export function stretchesOf<Value>(
  from: number,
  to: number,
  at: (moment: number) => { readonly value: Value; readonly until: number },
  same: (a: Value, b: Value) => boolean,
): Stretch<Value>[] {
  const line: Stretch<Value>[] = []
  for (let start = from; start < to; ) {
    const { value, until } = at(start)
    // At least a millisecond, so that an answer that holds for no time cannot stop the clock.
    const end = Math.min(to, Math.max(start + 1, until))
    const last = line.at(-1)
    if (last !== undefined && same(last.value, value)) line[line.length - 1] = { ...last, end }
    else line.push({ start, end, value })
    start = end
  }
  return line
}

/** Both lines laid over each other. */
export function combined<A, B, Value>(
  a: readonly Stretch<A>[],
  b: readonly Stretch<B>[],
  join: (a: A, b: B) => Value,
): Stretch<Value>[] {
  const line: Stretch<Value>[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [one, other] = [a[i] as Stretch<A>, b[j] as Stretch<B>]
    const [start, end] = [Math.max(one.start, other.start), Math.min(one.end, other.end)]
    if (start < end) line.push({ start, end, value: join(one.value, other.value) })
    if (one.end <= other.end) i++
    if (other.end <= one.end) j++
  }
  return line
}

/** The parts of a span that lie within some others; all of it when there are none to keep to. */
export function within<One extends { readonly start: number; readonly end: number }>(
  { start, end }: One,
  others: readonly One[] | undefined,
): readonly { readonly start: number; readonly end: number }[] {
  if (others === undefined) return [{ start, end }]
  return others
    .map((other) => ({ start: Math.max(start, other.start), end: Math.min(end, other.end) }))
    .filter((part) => part.start < part.end)
}

export function stretchAt<Value>(line: readonly Stretch<Value>[], moment: number): Stretch<Value> {
  const found = line.find(({ start, end }) => start <= moment && moment < end)
  if (found === undefined) throw new Error('bug: the line of time has a hole')
  return found
}
