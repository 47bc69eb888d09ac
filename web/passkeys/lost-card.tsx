/** For those who look after security, and founders: a passkey that somebody lost is removed, at once. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PersonField } from '../people/person-field.tsx'
import { Card } from '../waiver/card.tsx'
import { PasskeyItem } from './passkey-item.tsx'
import style from './passkeys.module.css'
import { passkeysOfQuery } from './queries.ts'

export function LostCard() {
  const [chosen, setChosen] = useState({ id: '', name: '' })
  const { data } = useQuery({ ...passkeysOfQuery(chosen.id), enabled: chosen.id !== '' })
  return (
    <Card
      title="Somebody lost theirs"
      says="You look after security: what you remove here signs nothing from that moment on."
    >
      <PersonField label="Whose" value={chosen.id} name={chosen.name} change={(id, name) => setChosen({ id, name })} />
      {data?.passkeys.length === 0 && <p className="soft">They have none.</p>}
      {data !== undefined && data.passkeys.length > 0 && (
        <ul className={style.list}>
          {data.passkeys.map((passkey) => (
            <PasskeyItem key={passkey.id} passkey={passkey} names={data.names} />
          ))}
        </ul>
      )}
    </Card>
  )
}
