/** Who one is here, and the ways out. */
import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, yes } from '../app/api.ts'
import { meQuery, queries } from '../app/queries.ts'
import { signInAddress } from '../sign-in/address.ts'
import { Inert } from '../text/inert.tsx'
import style from './person.module.css'

export function Person({ sample }: { readonly sample: boolean }) {
  const { data: me } = useQuery(meQuery)
  const navigate = useNavigate()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const name = me === undefined ? undefined : (me.names[me.id] ?? me.id)
  return (
    <Menu position="top-start" width={260} shadow="md">
      <Menu.Target>
        <UnstyledButton className={style.person}>
          <span className={style.initials} aria-hidden="true">
            {initials(name ?? '')}
          </span>
          <span className={style.name}>
            <span className="unseen">You are </span>
            {name === undefined ? ' ' : <Inert text={name} />}
            <span className="soft fine">{me?.pools.length ? 'decides and looks back' : ' '}</span>
            <span className="unseen">. Open the menu.</span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void navigate({ to: '/passkeys' })}>Passkeys</Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {(['auto', 'light', 'dark'] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={scheme === colorScheme ? '✓' : undefined}
            aria-current={scheme === colorScheme ? 'true' : undefined}
          >
            {schemes[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {sample && (
          <Menu.Item onClick={() => location.assign(signInAddress({ fresh: true }))}>Be somebody else</Menu.Item>
        )}
        <SignOut everywhere={false} />
        <SignOut everywhere={true} />
      </Menu.Dropdown>
    </Menu>
  )
}

const schemes = { auto: 'As this device', light: 'Light', dark: 'Dark' } as const

function SignOut({ everywhere }: { readonly everywhere: boolean }) {
  const [failed, setFailed] = useState(false)
  const leave = () =>
    yes(api.signOut({ everywhere })).then(
      () => {
        queries.clear()
        location.assign('/?sign-in=signed-out')
      },
      () => setFailed(true),
    )
  return (
    <Menu.Item closeMenuOnClick={false} onClick={() => void leave()}>
      {failed ? 'That did not work; try again' : everywhere ? 'Sign out everywhere' : 'Sign out'}
    </Menu.Item>
  )
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word))
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '').join('')
}
