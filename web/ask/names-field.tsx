/** Choosing some of a few exact names. Nothing is chosen beforehand: less is asked for when each has to be meant. */
import { Choice, Choices } from '../form/choices.tsx'
import { Inert } from '../text/inert.tsx'

export function NamesField({
  title,
  all,
  chosen,
  change,
}: {
  readonly title: string
  readonly all: readonly string[]
  readonly chosen: readonly string[]
  readonly change: (next: readonly string[]) => void
}) {
  const toggle = (name: string) =>
    change(all.filter((one) => (one === name ? !chosen.includes(name) : chosen.includes(one))))
  return (
    <Choices legend={title} quiet>
      {all.map((name) => (
        <Choice key={name} many chosen={chosen.includes(name)} change={() => toggle(name)}>
          <code>
            <Inert text={name} />
          </code>
        </Choice>
      ))}
    </Choices>
  )
}
