/** The keys that sign for somebody: their own, those of others that wait for them, and those that somebody lost. */
import { useQuery } from '@tanstack/react-query'
import type { PasskeyView } from '../../src/client/index.ts'
import { meQuery, sessionQuery } from '../app/queries.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Card } from '../waiver/card.tsx'
import { EnrolCard } from './enrol-card.tsx'
import { LostCard } from './lost-card.tsx'
import { PasskeyItem } from './passkey-item.tsx'
import style from './passkeys.module.css'
import { ownPasskeysQuery, waitingPasskeysQuery } from './queries.ts'
import { Steps } from './steps.tsx'
import { ToConfirm } from './to-confirm.tsx'

export function PasskeysPage() {
  const own = useQuery(ownPasskeysQuery)
  const waiting = useQuery(waitingPasskeysQuery)
  const { data: me } = useQuery(meQuery)
  const { data: session } = useQuery(sessionQuery)
  const { rules } = useCatalogue()
  const error = own.error ?? waiting.error
  if (error !== null && own.data === undefined)
    return <Problem error={error} again={() => void Promise.all([own.refetch(), waiting.refetch()])} />
  if (own.data === undefined || me === undefined || rules === undefined)
    return <div className={style.page} aria-busy="true" />
  const { passkeys, names } = own.data
  const others = waiting.data?.passkeys.filter(({ person }) => person !== me.id) ?? []
  const looksAfter = me.founder || me.pools.some((id) => rules.pools[id]?.decides.includes('security') === true)
  return (
    <div className={style.page}>
      <Title
        name="Passkeys"
        says="A decision is signed with a key that only you can use. It never leaves your device."
      />
      <div className={style.columns}>
        <div className={style.column}>
          {others.length > 0 && <ToConfirm passkeys={others} names={waiting.data?.names ?? {}} />}
          <Card title="Yours">
            <Own passkeys={passkeys} names={names} sample={session?.sample === true} />
          </Card>
          <EnrolCard hasOne={passkeys.some(({ state }) => state === 'in-force')} />
        </div>
        <div className={style.column}>
          <Steps passkeys={passkeys} />
          {looksAfter && <LostCard />}
        </div>
      </div>
    </div>
  )
}

function Own({
  passkeys,
  names,
  sample,
}: {
  readonly passkeys: readonly PasskeyView[]
  readonly names: Readonly<Record<string, string>>
  readonly sample: boolean
}) {
  const over = ({ state }: PasskeyView) => state === 'removed' || state === 'not-confirmed-in-time'
  const [kept, gone] = [passkeys.filter((one) => !over(one)), passkeys.filter(over)]
  return (
    <>
      {kept.length === 0 && (
        <p className="soft">
          You have none. {sample ? 'In the sample you get one by itself when you first sign. ' : ''}You need one to
          decide, to look back, and to open an envelope; asking for access takes none.
        </p>
      )}
      {kept.length > 0 && (
        <ul className={style.list}>
          {kept.map((passkey) => (
            <PasskeyItem key={passkey.id} passkey={passkey} names={names} />
          ))}
        </ul>
      )}
      {gone.length > 0 && (
        <details>
          <summary>
            {gone.length} that {gone.length === 1 ? 'signs' : 'sign'} nothing any more
          </summary>
          <ul className={style.list}>
            {gone.map((passkey) => (
              <PasskeyItem key={passkey.id} passkey={passkey} names={names} />
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
