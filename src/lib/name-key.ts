/** When are two names the same to a sign-in page? Whoever compares names of accounts that differ in form only asks here. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
