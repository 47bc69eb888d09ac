/** Who may be whom. A link counts against people from its first word on, and in their favour once somebody outside confirms it. */
import { useQuery } from '@tanstack/react-query'
import type { AssertionView } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { meQuery } from '../app/queries.ts'
import { Name, type Names } from '../people/name.tsx'
import { Sign, type Standing } from '../signs/sign.tsx'
import { Quote } from '../text/quote.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import style from './directory.module.css'
import { useMayCheck } from './may-check.ts'
import { NodeLink } from './node-link.tsx'
import { linksQuery } from './queries.ts'
import { type Word, Words } from './word-form.tsx'

/** @param about only those that name it; absent: all that wait */
export function Links({ about }: { readonly about?: string }) {
  const { data } = useQuery(linksQuery)
  if (data === undefined) return null
  const waits = ({ status }: AssertionView) => status === 'suggested' || status === 'proposed'
  const shown = data.links.filter((link) => (about === undefined ? waits(link) : [link.from, link.to].includes(about)))
  if (shown.length === 0) return null
  const says =
    about === undefined
      ? 'They count against those they name already. In their favour they count once somebody outside has confirmed them.'
      : undefined
  return (
    <Card title={about === undefined ? 'Who may be whom' : 'Said about who this is'} says={says}>
      <ul className={style.links} aria-label="Links">
        {shown.slice(0, 50).map((link) => (
          <LinkRow key={link.id} link={link} names={data.names} />
        ))}
      </ul>
      {shown.length > 50 && <p className="soft fine">{shown.length - 50} more; search for one of them.</p>}
    </Card>
  )
}

const statusWords: Readonly<Record<AssertionView['status'], readonly [Standing, string]>> = {
  suggested: ['wait', 'names look alike'],
  proposed: ['wait', 'waits for a confirmation'],
  confirmed: ['good', 'confirmed'],
  rejected: ['bad', 'said to be wrong'],
  withdrawn: ['over', 'taken back'],
  ended: ['over', 'ended'],
}

function LinkRow({ link, names }: { readonly link: AssertionView; readonly names: Names }) {
  const { data: me } = useQuery(meQuery)
  const mayCheck = useMayCheck()
  const [is, status] = statusWords[link.status]
  const own = me !== undefined && [link.author, link.from, link.to].includes(me.id)
  const open = link.status === 'suggested' || link.status === 'proposed'
  return (
    <li className={style.link}>
      <p className={style.claim}>
        <NodeLink id={link.from} names={names} />{' '}
        <span className="soft">
          {link.relation === 'belongs-to' ? 'is an account of' : 'may be the same person as'}
        </span>{' '}
        <NodeLink id={link.to} names={names} /> <Sign is={is}>{status}</Sign>
      </p>
      {link.evidence !== undefined && (
        <Quote
          text={link.evidence}
          by={
            <>
              {link.author === undefined ? 'said' : <Name id={link.author} names={names} />}
              {link.at !== undefined && (
                <>
                  , <Moment at={link.at} />
                </>
              )}
            </>
          }
        />
      )}
      {link.confirmed !== undefined && (
        <Quote
          text={link.confirmed.note}
          by={
            <>
              <Name id={link.confirmed.by} names={names} /> confirmed it, <Moment at={link.confirmed.at} />
            </>
          }
        />
      )}
      {link.end !== undefined && (
        <Quote
          text={link.end.reason}
          by={
            <>
              <Name id={link.end.by} names={names} />, <Moment at={link.end.at} />
            </>
          }
        />
      )}
      {open && mayCheck && !own && <Words of="links" id={link.id} words={answers(link)} />}
      {open && own && <p className="soft fine">Somebody else has to look at it: it is your own word, or about you.</p>}
    </li>
  )
}

function answers({ id }: AssertionView): readonly Word[] {
  return [
    {
      name: 'It is so',
      label: 'What you looked at',
      says: 'From now on the link also counts in their favour: whoever signs in there is this person.',
      send: (note, idempotencyKey) => api.confirmLink(id, { note }, { idempotencyKey }),
    },
    {
      name: 'It is wrong',
      label: 'Why it is wrong',
      says: 'It was never so: it no longer counts against anybody, and earlier decisions stay as they are.',
      danger: true,
      send: (reason, idempotencyKey) => api.rejectLink(id, { reason }, { idempotencyKey }),
    },
  ]
}
