/** What is to be signed, in front of the page it came from. Leaving it decides nothing. */
import { Button } from '@mantine/core'
import { useEffect, useId, useRef } from 'react'
import { type AskedToSign, notSigned, useAskedToSign } from './asked.ts'
import style from './passkeys.module.css'
import { Signer } from './signer.tsx'
import { ToSign } from './to-sign.tsx'
import { signingWords } from './words.ts'

export function SignSheet() {
  const asked = useAskedToSign()
  return asked === undefined ? null : <Sheet key={asked.challenge.id} asked={asked} />
}

function Sheet({ asked: { challenge, key, settle } }: { readonly asked: AskedToSign }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const head = useRef<HTMLHeadingElement>(null)
  const title = useId()
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    // Whatever is longer than the window begins at its beginning, and the button stands after all of it.
    head.current?.focus()
    return () => element?.close()
  }, [])
  const leave = () => settle(notSigned)
  // Whoever goes back to another page has left this one, and what stood in front of it.
  useEffect(() => {
    const left = () => settle(notSigned)
    addEventListener('popstate', left)
    return () => removeEventListener('popstate', left)
  }, [settle])
  return (
    <dialog
      ref={dialog}
      className={style.sheet}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault()
        leave()
      }}
    >
      <h2 id={title} ref={head} tabIndex={-1}>
        {signingWords(challenge)}
      </h2>
      <ToSign challenge={challenge} />
      <Signer challenge={challenge} sendKey={key} done={settle} />
      <Button variant="subtle" onClick={leave}>
        Not now
      </Button>
    </dialog>
  )
}
