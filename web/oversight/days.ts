/** Over how long one may look back. */
export const daysOffered = [30, 90, 365] as const
export type Days = (typeof daysOffered)[number]
