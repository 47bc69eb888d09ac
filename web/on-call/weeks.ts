/** How far ahead one may look. */
export const weeksOffered = [1, 2, 4] as const
export type Weeks = (typeof weeksOffered)[number]
