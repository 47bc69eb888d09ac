/** Saying yes or no to something that stands about the directory, with what was looked at. It says what follows before. */
import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../src/client/index.ts'
import { useKept } from '../decision/kept.ts'
import { Doing } from '../form/doing.tsx'
import { WordsField } from '../form/words-field.tsx'
import { useAct } from '../waiver/use-act.ts'
import style from './directory.module.css'

export interface Word {
  readonly name: string
  readonly label: string
  readonly says: ReactNode
  readonly danger?: boolean
  readonly send: (text: string, idempotencyKey: string) => Promise<Answer<unknown>>
}

/** @param of what grows old by it: the second part of the keys of its queries @param id whose words these are */
export function Words({
  of,
  id,
  words,
}: {
  readonly of: string
  readonly id: string
  readonly words: readonly Word[]
}) {
  const [chosen, setChosen] = useState<string>()
  const word = words.find(({ name }) => name === chosen)
  return (
    <div className={style.words}>
      <div className={style.buttons}>
        {words.map(({ name, danger = false }) => (
          <Button
            key={name}
            variant={name === chosen ? 'light' : 'default'}
            {...(danger && name === chosen ? { color: 'red' } : {})}
            aria-pressed={name === chosen}
            onClick={() => setChosen(name === chosen ? undefined : name)}
          >
            {name}
          </Button>
        ))}
      </div>
      {word !== undefined && <Form key={word.name} of={of} id={id} word={word} />}
    </div>
  )
}

function Form({ of, id, word }: { readonly of: string; readonly id: string; readonly word: Word }) {
  const [text, setText, forget] = useKept(`${word.name} ${id}`, '')
  const act = useAct(of, (key) => word.send(text, key), forget)
  return (
    <Doing
      act={act}
      name={word.name}
      tone={word.danger === true ? 'danger' : undefined}
      ready={text.trim() !== ''}
      className={style.form}
    >
      <p className="soft">{word.says}</p>
      <WordsField label={word.label} value={text} change={setText} />
    </Doing>
  )
}
