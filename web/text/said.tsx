/** A sentence of Countersign or of a target, in which names stand between backticks: these are shown as exact names. */
import { Inert } from './inert.tsx'

export function Said({ text }: { readonly text: string }) {
  return text.split('`').map((part, place) =>
    place % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never change places
      <code key={place}>
        <Inert text={part} />
      </code>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <Inert key={place} text={part} />
    ),
  )
}
