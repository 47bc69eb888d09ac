/** Exactly what: every resource and every action by its exact name. While a decider narrows, each can be left out. */
import type { TermsView } from '../../src/client/index.ts'
import { type Draft, toggled } from '../decision/narrowing.ts'
import { Inert } from '../text/inert.tsx'
import style from './scope.module.css'

export interface Narrowed {
  readonly draft: Draft
  readonly change: (draft: Draft) => void
}

export function Scope({ terms, narrowed }: { readonly terms: TermsView; readonly narrowed: Narrowed | undefined }) {
  const { resources, actions } = terms.access
  return (
    <div className={style.scope}>
      <Names
        title="Resources"
        all={resources}
        chosen={narrowed?.draft.resources ?? resources}
        {...(narrowed && { change: (next) => narrowed.change({ ...narrowed.draft, resources: next }) })}
      />
      <Names
        title="Actions"
        all={actions}
        chosen={narrowed?.draft.actions ?? actions}
        {...(narrowed && { change: (next) => narrowed.change({ ...narrowed.draft, actions: next }) })}
      />
    </div>
  )
}

function Names({
  title,
  all,
  chosen,
  change,
}: {
  readonly title: string
  readonly all: readonly string[]
  readonly chosen: readonly string[]
  readonly change?: (next: readonly string[]) => void
}) {
  return (
    <fieldset className={style.names} disabled={change === undefined}>
      <legend>{title}</legend>
      <ul>
        {all.map((name) => {
          const kept = chosen.includes(name)
          const text = (
            <code>
              <Inert text={name} />
            </code>
          )
          return (
            <li key={name} className={style.name} data-kept={kept}>
              {change === undefined ? (
                text
              ) : (
                <label>
                  <input
                    type="checkbox"
                    checked={kept}
                    // The last one stays: nothing at all is a denial.
                    disabled={kept && chosen.length === 1}
                    onChange={() => change(toggled(all, chosen, name))}
                  />
                  {text}
                </label>
              )}
            </li>
          )
        })}
      </ul>
    </fieldset>
  )
}
