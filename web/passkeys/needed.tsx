/** Said before somebody reads and types in vain: this decision takes a passkey, and they have none that signs. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { sessionQuery } from '../app/queries.ts'
import style from './passkeys.module.css'
import { ownPasskeysQuery } from './queries.ts'

/** @param asks whether the rules ask for a signature here */
export function PasskeyNeeded({ asks }: { readonly asks: boolean }) {
  const { data: session } = useQuery(sessionQuery)
  const { data: own } = useQuery({ ...ownPasskeysQuery, enabled: asks })
  if (!asks || own === undefined || session?.sample !== false) return null
  if (own.passkeys.some(({ state }) => state === 'in-force')) return null
  const waits = own.passkeys.some(({ state }) => state === 'waiting' || state === 'not-yet-in-force')
  return (
    <span className={style.needed} role="note">
      <strong>This is signed with a passkey.</strong>{' '}
      {waits ? 'Yours signs nothing yet. ' : 'You have none that signs. '}
      <Link to="/passkeys">{waits ? 'See what it waits for' : 'Enrol one'}</Link>
    </span>
  )
}
