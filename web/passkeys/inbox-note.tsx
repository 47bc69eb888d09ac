/** In the inbox: passkeys of others that wait for this person, and a passkey that they will need and do not have. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { meQuery, sessionQuery } from '../app/queries.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import style from './passkeys.module.css'
import { ownPasskeysQuery, waitingPasskeysQuery } from './queries.ts'

export function PasskeyNotes() {
  const { data: session } = useQuery(sessionQuery)
  const { data: me } = useQuery(meQuery)
  const { rules } = useCatalogue()
  const { data: own } = useQuery(ownPasskeysQuery)
  const decides = (me?.pools.length ?? 0) > 0
  const { data: waiting } = useQuery({ ...waitingPasskeysQuery, enabled: decides || me?.founder === true })
  const others = waiting?.passkeys.filter(({ person }) => person !== me?.id).length ?? 0
  const asked = Object.values(rules?.tiers ?? {}).some(({ passkey }) => passkey)
  const has = own?.passkeys.some(({ state }) => state !== 'removed' && state !== 'not-confirmed-in-time') ?? true
  const needs = session?.sample === false && decides && asked && !has
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
