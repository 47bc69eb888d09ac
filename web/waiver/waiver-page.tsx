/** One waiver: what is asked and by whom first, then what it would change, who may decide, and everything that happened. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { WaiverDetail } from '../../src/client/index.ts'
import { Acts } from '../acts/acts.tsx'
import { meQuery } from '../app/queries.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { DecisionPanel } from '../decision/decision-panel.tsx'
import { useKept } from '../decision/kept.ts'
import type { Draft } from '../decision/narrowing.ts'
import { isAskingSide } from '../decision/not-yours.tsx'
import { useDecision } from '../decision/use-decision.ts'
import { Life } from '../life/life.tsx'
import { Name } from '../people/name.tsx'
import { ReviewForm } from '../review/review-form.tsx'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Status } from '../signs/status.tsx'
import { Inert } from '../text/inert.tsx'
import { Asked } from './asked.tsx'
import { Behind, involvesProgram } from './behind.tsx'
import { Deciders } from './deciders.tsx'
import { Difference } from './difference.tsx'
import { Grant } from './grant.tsx'
import { Independence } from './independence.tsx'
import { waiverQuery } from './queries.ts'
import style from './waiver-page.module.css'
import { Words } from './words.tsx'

const route = getRouteApi('/waivers/$waiver')

export function WaiverPage() {
  const { waiver: id } = route.useParams()
  const { data, error, refetch } = useQuery(waiverQuery(id))
  const { data: me } = useQuery(meQuery)
  const { rules } = useCatalogue()
  if (data === undefined || me === undefined || rules === undefined)
    return error === null ? (
      <div className={style.waiting} aria-busy="true" />
    ) : (
      <Problem error={error} again={() => void refetch()} />
    )
  return <Page key={id} detail={data} me={me.id} />
}

function Page({ detail, me }: { readonly detail: WaiverDetail; readonly me: string }) {
  const { waiver, standing } = detail
  const { proposal } = waiver
  const decider = useDecision(waiver.id)
  // Drafts are of exact terms: other terms begin anew.
  const [draft, setDraft] = useKept<Draft | null>(`narrowing ${proposal?.digest ?? waiver.digest} ${me}`, null)
  const decides = standing.acts.some(({ act, may }) => act === 'countersign' && may)
  const endorses = standing.acts.some(({ act, may }) => act === 'endorse' && may)
  const narrowed = proposal !== undefined && decides && draft !== null ? { draft, change: setDraft } : undefined
  const reviews = standing.acts.some(({ act, may }) => act === 'review' && may)
  const inPools = standing.relations.some((relation) => relation.endsWith('-pool'))
  return (
    <div className={style.page}>
      <Head detail={detail} />
      <div className={style.columns}>
        <div className={style.facts}>
          <Asked detail={detail} narrowed={narrowed} />
          {inPools && !isAskingSide(detail) && involvesProgram(waiver) && <Behind id={waiver.id} />}
          {proposal !== undefined && <Difference detail={detail} />}
          <Words detail={detail} />
        </div>
        <aside className={style.side}>
          {proposal !== undefined || decider.outcome.is !== 'idle' ? (
            <DecisionPanel
              detail={detail}
              decider={decider}
              narrowing={{ draft: draft ?? undefined, change: (next) => setDraft(next ?? null) }}
            />
          ) : null}
          <Acts detail={detail} />
          {waiver.end !== undefined && standing.relations.includes('requester') && (
            <Link to="/ask" search={{ like: waiver.id }} className={style.again}>
              Ask for the same again
            </Link>
          )}
          {reviews && <ReviewForm detail={detail} />}
          {proposal !== undefined && <Deciders detail={detail} />}
        </aside>
      </div>
      {proposal !== undefined && inPools && <Independence id={waiver.id} me={me} endorses={endorses && !decides} />}
      <Grant detail={detail} />
      <Life detail={detail} />
    </div>
  )
}

function Head({ detail }: { readonly detail: WaiverDetail }) {
  const { entitlement, system } = useCatalogue()
  const { waiver, names } = detail
  const { access, beneficiary } = waiver.terms
  const [copied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(waiver.id).then(
      () => setCopied(true),
      () => {},
    )
  return (
    <Title
      name={entitlement(access.system, access.entitlement)}
      says={
        <>
          on <Inert text={system(access.system)} />, for <Name id={beneficiary} names={names} />
        </>
      }
    >
      <div className={style.head}>
        <Status of={waiver} />
        <button type="button" className={style.id} onClick={() => void copy()} title="Copy the id">
          <code>{waiver.id}</code>
          <span className="unseen" aria-live="polite">
            {copied ? 'copied' : ''}
          </span>
        </button>
      </div>
    </Title>
  )
}
