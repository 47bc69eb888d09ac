/** How rows become values. The store wrote them, so their shape is trusted; whether they follow from the events is checked by `doctor`. */
import type { Waiver } from '../core/waiver.ts'

export function stateOf(state: unknown): Waiver {
  return state as Waiver
}
