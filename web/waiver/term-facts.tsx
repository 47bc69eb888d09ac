/**
 * What terms say, fact by fact: on the page that asks for a decision and on the sheet that is signed, so that neither can
 * leave out what the other shows.
 */
import type { ReactNode } from 'react'
import type { TermsView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name, type Names } from '../people/name.tsx'
import { Inert } from '../text/inert.tsx'
import { durationSeconds } from '../time/duration.ts'
import { lengthWords } from '../time/words.ts'
import { Fact } from './card.tsx'
import { type Narrowed, Scope } from './scope.tsx'

/** @param children beside the name */
export function GetsIt({
  terms: { beneficiary, access },
  names,
  children,
}: {
  readonly terms: TermsView
  readonly names: Names
  readonly children?: ReactNode
}) {
  return (
    <Fact name="Who gets it">
      <Name id={beneficiary} names={names} exact />
      {children}
      {access.account !== undefined && (
        <>
          {' '}
          as account{' '}
          <code>
            <Inert text={access.account} />
          </code>
        </>
      )}
    </Fact>
  )
}

/** @param children below the scope */
export function Gets({
  terms,
  narrowed,
  children,
}: {
  readonly terms: TermsView
  readonly narrowed: Narrowed | undefined
  readonly children?: ReactNode
}) {
  const { system, entitlement } = useCatalogue()
  const { access } = terms
  return (
    <Fact name="What">
      <p>
        <strong>
          <Inert text={entitlement(access.system, access.entitlement)} />
        </strong>{' '}
        on <Inert text={system(access.system)} />
      </p>
      <Scope terms={terms} narrowed={narrowed} />
      {children}
    </Fact>
  )
}

/** Of an envelope; of anything else nothing. */
export function OnceOpened({ terms: { openFor } }: { readonly terms: TermsView }) {
  return openFor === undefined ? null : <p>Once opened, access lasts {lengthWords(durationSeconds(openFor))}.</p>
}

export function Breaks({ terms: { exception } }: { readonly terms: TermsView }) {
  const { system, entitlement, rule } = useCatalogue()
  if (exception === undefined) return null
  return (
    <Fact name="Rule it breaks">
      <strong>{rule(exception.rule)}</strong>, together with{' '}
      {entitlement(exception.other.system, exception.other.entitlement)} on {system(exception.other.system)}
    </Fact>
  )
}

export function Meanwhile({ terms: { controls }, names }: { readonly terms: TermsView; readonly names: Names }) {
  const { control } = useCatalogue()
  if (controls.length === 0) return null
  return (
    <Fact name="Meanwhile">
      <ul>
        {controls.map(({ control: id, owner, every }) => (
          <li key={id}>
            {control(id)}: <Name id={owner} names={names} />, every {lengthWords(durationSeconds(every))}
          </li>
        ))}
      </ul>
    </Fact>
  )
}
