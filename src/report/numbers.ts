/** Numbers and lists as people read them. Nothing is shortened. */

/** `1595` is `1,595`. */
export function count(number: number): string {
  return String(number).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** `1 grant`, `1,595 grants`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`
}

/** Rounded, but never to nothing and never to everything: `<1%`, `>99%`. */
export function share(part: number, total: number): string {
  if (total === 0 || part === 0) return '0%'
  const percent = Math.round((part / total) * 100)
  if (percent === 0) return '<1%'
  return percent === 100 && part < total ? '>99%' : `${percent}%`
}

export function listed(items: readonly string[]): string {
  if (items.length <= 1) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
