/** In the inbox: passkeys of others that wait for this person, and a passkey that they will need and do not have. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { meQuery, sessionQuery } from '../app/queries.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import style from './passkeys.module.css'
import { ownPasskeysQuery, waitingPasskeysQuery } from './queries.ts'

interface Notes {
  /** Passkeys of others that wait to be confirmed. */
  readonly others: number
  readonly needs: boolean
}

/** @returns nothing as long as it is not known: what comes later would push down what somebody is about to open. */
export function usePasskeyNotes(): Notes | undefined {
  const { data: session } = useQuery(sessionQuery)
  const { data: me } = useQuery(meQuery)
  const { rules } = useCatalogue()
  const own = useQuery(ownPasskeysQuery)
  const decides = (me?.pools.length ?? 0) > 0
  const waiting = useQuery({ ...waitingPasskeysQuery, enabled: decides || me?.founder === true })
  // One that is not asked waits for nothing, and what cannot be read keeps nobody from the inbox.
  if (me === undefined || own.isLoading || waiting.isLoading) return undefined
  const others = waiting.data?.passkeys.filter(({ person }) => person !== me.id).length ?? 0
  const asked = Object.values(rules?.tiers ?? {}).some(({ passkey }) => passkey)
  const has = own.data?.passkeys.some(({ state }) => state !== 'removed' && state !== 'not-confirmed-in-time') ?? true
  return { others, needs: session?.sample === false && decides && asked && !has }
}

export function PasskeyNotes({ notes: { others, needs } }: { readonly notes: Notes }) {
  if (others === 0 && !needs) return null
  return (
    <div className={style.notes}>
      {needs && (
        <p className={style.needed} role="note">
          <strong>You decide, and have no passkey.</strong> Decisions are signed with one, and it takes somebody else to
          confirm it: <Link to="/passkeys">enrol one before you need it</Link>.
        </p>
      )}
      {others > 0 && (
        <p className={style.needed} role="note">
          <strong>
            {others} {others === 1 ? 'passkey waits' : 'passkeys wait'} to be confirmed.
          </strong>{' '}
          <Link to="/passkeys">Look whether you may</Link>
        </p>
      )}
    </div>
  )
}
