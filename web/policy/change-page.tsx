/** One change to the rules: what it changes, who wants it and why, and the countersignature of somebody independent. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ChangeDetail, ChangeView } from '../../src/client/index.ts'
import type { Policy } from '../../src/core/policy.ts'
import { api } from '../app/api.ts'
import { meQuery, queries } from '../app/queries.ts'
import { policyQuery } from '../catalogue/catalogue.ts'
import { useMayCheck } from '../directory/may-check.ts'
import { NodeLink } from '../directory/node-link.tsx'
import { type Word, Words } from '../directory/word-form.tsx'
import { Doing } from '../form/doing.tsx'
import { Name } from '../people/name.tsx'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Sign } from '../signs/sign.tsx'
import { Quote } from '../text/quote.tsx'
import { Left } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import { lengthWords } from '../time/words.ts'
import { Card, Fact, Facts } from '../waiver/card.tsx'
import { useAct } from '../waiver/use-act.ts'
import { changeStatus } from './changes.tsx'
import { Differences } from './differences.tsx'
import style from './policy.module.css'
import { changeQuery } from './queries.ts'

const route = getRouteApi('/policy/$change')

export function ChangePage() {
  const { change: id } = route.useParams()
  const { data, error, refetch } = useQuery(changeQuery(id))
  if (data === undefined)
    return error === null ? (
      <div className={style.waiting} aria-busy="true" />
    ) : (
      <Problem error={error} again={() => void refetch()} />
    )
  return <Page key={id} detail={data} />
}

function Page({ detail }: { readonly detail: ChangeDetail }) {
  const { change, names } = detail
  const [is, words] = changeStatus[change.status]
  return (
    <div className={style.page}>
      <Title name="A change to the rules" says={<Link to="/policy">Back to the policy</Link>}>
        <Sign is={is}>{words}</Sign>
      </Title>
      <div className={style.columns}>
        <div className={style.column}>
          <Card title="What it changes" says="Field by field, what is looser first.">
            <Differences differences={change.differences} />
            {change.admits.length > 0 && (
              <p className={style.admits}>
                Comes to decide something by it, and decides none of this:{' '}
                {change.admits.map((id) => (
                  <NodeLink key={id} id={id} names={names} />
                ))}
              </p>
            )}
          </Card>
        </div>
        <div className={style.column}>
          <Card title="In their words" says="Written by a person. Countersign neither checks nor follows it.">
            <Quote
              text={change.reason}
              by={
                <>
                  <Name id={change.author} names={names} />, <Moment at={change.at} />
                </>
              }
            />
          </Card>
          <Standing detail={detail} />
          <Deciding change={change} />
        </div>
      </div>
    </div>
  )
}

function Standing({ detail: { change, names } }: { readonly detail: ChangeDetail }) {
  const { countersignatures, effectiveAt, end, status } = change
  return (
    <Card title="Where it stands">
      <Facts>
        <Fact name="countersigned by">
          {countersignatures.length === 0 ? (
            <span className="soft">nobody yet</span>
          ) : (
            <ul>
              {countersignatures.map(({ by, at }) => (
                <li key={by}>
                  <Name id={by} names={names} />, <Moment at={at} />
                </li>
              ))}
            </ul>
          )}
        </Fact>
        {effectiveAt !== undefined && (
          <Fact name={status === 'effective' ? 'in force since' : 'takes effect'}>
            <Moment at={effectiveAt} />
            {status === 'countersigned' && (
              <>
                {' '}
                <span className="soft">
                  (<Left until={effectiveAt} over="in a moment" />)
                </span>
              </>
            )}
          </Fact>
        )}
        <Fact name="proposes">
          <code className={style.digest}>{change.proposed}</code>
        </Fact>
      </Facts>
      {end !== undefined && (
        <Quote
          text={end.reason}
          by={
            <>
              <Name id={end.by} names={names} />, <Moment at={end.at} />
            </>
          }
        />
      )}
    </Card>
  )
}

function Deciding({ change }: { readonly change: ChangeView }) {
  const { data: me } = useQuery(meQuery)
  const mayCheck = useMayCheck()
  const open = change.status === 'proposed' || change.status === 'countersigned'
  if (me === undefined || !open) return null
  if (me.id === change.author)
    return (
      <Card title="Yours to take back" says="Somebody else, who stands outside, countersigns it.">
        <Words of={change.id} id={change.id} words={[takeBack(change)]} />
      </Card>
    )
  if (!mayCheck)
    return (
      <Card title="The decision">
        <p className="soft">
          Those who decide the rules countersign it, if they stand outside; you are not one of them.
        </p>
      </Card>
    )
  return (
    <Card title="Your decision">
      {change.status === 'proposed' && <Countersign change={change} />}
      <Words of={change.id} id={change.id} words={[denial(change)]} />
    </Card>
  )
}

function Countersign({ change: { id, proposed } }: { readonly change: ChangeView }) {
  const { data } = useQuery(policyQuery)
  const delay = (data?.policy as unknown as Policy | undefined)?.changeDelaySeconds
  const act = useAct(
    id,
    (idempotencyKey) => api.countersignChange(id, { proposed }, { idempotencyKey }),
    () => void queries.invalidateQueries({ queryKey: ['changes'] }),
  )
  return (
    <Doing act={act} name="Countersign exactly this" wide>
      <p className="soft">
        You countersign exactly the differences shown. They take effect{' '}
        {delay === undefined
          ? 'after the delay of the rules in force'
          : delay === 0
            ? 'at once'
            : `${lengthWords(delay)} later`}
        , and until then anybody who looks after security may object.
      </p>
    </Doing>
  )
}

function denial({ id, status }: ChangeView): Word {
  return {
    name: status === 'proposed' ? 'Deny it' : 'Object to it',
    label: 'Why not',
    says: 'The change ends here, and the rules stay as they are. Its author sees why.',
    danger: true,
    send: (reason, idempotencyKey) => api.denyChange(id, { reason }, { idempotencyKey }),
  }
}

function takeBack({ id }: ChangeView): Word {
  return {
    name: 'Take it back',
    label: 'Why it is taken back',
    says: 'The change ends here, and the rules stay as they are. It can be proposed anew.',
    danger: true,
    send: (reason, idempotencyKey) => api.withdrawChange(id, { reason }, { idempotencyKey }),
  }
}
