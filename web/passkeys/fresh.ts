/** Is the sign-in of just now? A decision begins with one, also when a passkey signs it. */
import type { Me } from '../../src/client/index.ts'
import { nowMillis } from '../time/clock.ts'

/** The engine allows five minutes; whoever starts in the last of them might not get to the end. */
const freshSeconds = 240

export function isFresh({ signedInAt }: Pick<Me, 'signedInAt'>): boolean {
  return signedInAt !== undefined && (nowMillis() - Date.parse(signedInAt)) / 1_000 <= freshSeconds
}
