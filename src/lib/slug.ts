/** A name as the part of an id: lower case, and signs that ids do not have as dashes. Two names may share one slug. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
}
