/** Ended relations are kept for as long as any policy may let them count. */
export const keepDays = 400
