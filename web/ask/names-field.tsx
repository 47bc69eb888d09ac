/** Choosing some of a few exact names. Nothing is chosen beforehand: less is asked for when each has to be meant. */
import { Inert } from '../text/inert.tsx'
import style from './ask.module.css'

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
    <fieldset className={style.names}>
      <legend>{title}</legend>
      {all.map((name) => (
        <label key={name} className={style.check}>
          <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
          <code>
            <Inert text={name} />
          </code>
        </label>
      ))}
    </fieldset>
  )
}
