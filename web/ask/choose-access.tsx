/** What is needed, from everything the rules offer, with the tier each falls into. */
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Entitlement, SystemRule } from '../../src/core/policy.ts'
import type { Rules } from '../catalogue/catalogue.ts'
import { Inert } from '../text/inert.tsx'
import style from './ask.module.css'

/** More than that is searched for, not scrolled through. */
const shownMax = 40

export function ChooseAccess({
  rules,
  system,
  entitlement,
  choose,
}: {
  readonly rules: Rules
  readonly system: string
  readonly entitlement: string
  readonly choose: (system: string, entitlement: Entitlement) => void
}) {
  const [find, setFind] = useState('')
  const all = Object.values(rules.systems).flatMap((one) => offersOf(one))
  const found = all.filter((offer) => fits(offer, find))
  return (
    <fieldset className={style.part}>
      <legend>What do you need?</legend>
      <TextInput
        type="search"
        label="Find by name, system or resource"
        value={find}
        onChange={({ currentTarget }) => setFind(currentTarget.value)}
        autoComplete="off"
      />
      <ul className={style.offers}>
        {found.slice(0, shownMax).map(({ system: on, entitlement: one }) => {
          const chosen = on.id === system && one.id === entitlement
          return (
            <li key={`${on.id} ${one.id}`}>
              <label className={style.offer} data-chosen={chosen}>
                <input type="radio" name="access" checked={chosen} onChange={() => choose(on.id, one)} />
                <span>
                  <strong>
                    <Inert text={one.name} />
                  </strong>
                  <span className="soft">
                    {' '}
                    on <Inert text={on.name} />
                  </span>
                </span>
                <span className={style.tier}>{one.tier}</span>
              </label>
            </li>
          )
        })}
      </ul>
      {found.length === 0 && <p className="soft">Nothing the rules offer fits. Look for a part of its name.</p>}
      {found.length > shownMax && (
        <p className="soft">{found.length - shownMax} more fit; look for more of its name.</p>
      )}
    </fieldset>
  )
}

interface Offer {
  readonly system: SystemRule
  readonly entitlement: Entitlement
}

function offersOf(system: SystemRule): Offer[] {
  return Object.values(system.entitlements).map((entitlement) => ({ system, entitlement }))
}

function fits({ system, entitlement }: Offer, find: string): boolean {
  const text = [system.name, system.id, entitlement.name, entitlement.id, ...entitlement.resources]
    .join('\n')
    .toLowerCase()
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
