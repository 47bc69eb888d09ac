/** Why are these two not independent? Two people (or a workload that would ask), and the very verdict that would count. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { meQuery } from '../app/queries.ts'
import { PersonField } from '../people/person-field.tsx'
import { aboutThem, conflictWords } from '../picture/conflict-words.ts'
import { Picture } from '../picture/picture.tsx'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Shape } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Card } from '../waiver/card.tsx'
import style from './directory.module.css'
import type { Two } from './looking.ts'
import { nodeQuery, twoQuery } from './queries.ts'

const route = getRouteApi('/directory/between')

export function TwoPage() {
  const two = route.useSearch()
  const navigate = useNavigate()
  const ask = (next: Two) => void navigate({ to: '/directory/between', replace: true, search: next })
  const { asker, decider } = two
  return (
    <div className={style.page}>
      <Title
        name="Why are two not independent?"
        says="One would ask for something of their own, the other would decide."
      />
      <div className={style.pickers}>
        <Picker label="Who would ask" kind="asker" id={asker} change={(id) => ask({ ...two, asker: id })} />
        <Button
          variant="default"
          className={style.swap ?? ''}
          disabled={asker === undefined && decider === undefined}
          onClick={() => ask({ ...rest(two), ...(decider && { asker: decider }), ...(asker && { decider: asker }) })}
        >
          Swap the two
        </Button>
        <Picker label="Who would decide" id={decider} change={(id) => ask({ ...two, decider: id })} />
        <Picker
          label="On which system (if it matters)"
          kind="system"
          id={two.system}
          change={(id) => ask({ ...two, system: id })}
        />
      </div>
      {asker === undefined || decider === undefined ? (
        <p className={style.empty}>
          Choose two. You see what the engine would say if the first asked for something for themselves and the second
          decided, by the directory of this moment, and what it would say the other way round.
        </p>
      ) : (
        <Answer two={two} />
      )}
    </div>
  )
}

function rest({ system }: Two): Two {
  return system === undefined ? {} : { system }
}

function Picker({
  label,
  kind = 'person',
  id,
  change,
}: {
  readonly label: string
  readonly kind?: 'person' | 'system' | 'asker'
  readonly id: string | undefined
  readonly change: (id: string) => void
}) {
  const { data } = useQuery({ ...nodeQuery(id ?? ''), enabled: id !== undefined })
  return (
    <PersonField
      label={label}
      kind={kind}
      optional={kind === 'system'}
      value={id ?? ''}
      name={data?.node.name ?? id ?? ''}
      change={change}
    />
  )
}

function Answer({ two }: { readonly two: Two }) {
  const { data: me } = useQuery(meQuery)
  const { data, error, refetch } = useQuery(twoQuery(two))
  if (data === undefined)
    return error === null ? (
      <div className={style.waiting} aria-busy="true" />
    ) : (
      <Problem error={error} again={() => void refetch()} />
    )
  const { picture, words } = data
  const other = words.otherWay
  return (
    <>
      <Card
        title={picture.independent ? 'They are independent' : 'They are not independent'}
        tone={picture.independent ? undefined : 'bad'}
        says="By the directory and the records of this moment; a decision asks again."
      >
        <Picture picture={picture} self={picture.person === me?.id} />
        {words.verdict.additionalCountersigners > 0 && (
          <p>They keep approving each other: one more countersigner, from elsewhere, would be asked for.</p>
        )}
      </Card>
      <Card title="The other way round" tone={other.independent ? undefined : 'bad'}>
        <p className={style.verdict} data-is={other.independent ? 'good' : 'bad'}>
          <Shape is={other.independent ? 'good' : 'bad'} />
          {other.independent
            ? 'If the second asked, the first could decide.'
            : 'If the second asked, the first could not decide either.'}
        </p>
        <ul className={style.sentences}>
          {other.conflicts.map(({ code, reads, because }) => (
            <li key={code}>
              <strong>{other.person === me?.id ? conflictWords(code) : aboutThem(code)}.</strong>{' '}
              <Inert text={reads ?? because ?? ''} />
            </li>
          ))}
        </ul>
      </Card>
    </>
  )
}
