/** Twice the same header is not two values but one that means nothing. */
export function oneHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join() : value
}
