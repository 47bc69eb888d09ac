/** One record and its proof, checked here step by step: from what is shown, over its leaf and its path, to a signed head. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { RecordDetail } from '../../src/client/index.ts'
import { saidOf } from '../life/said.tsx'
import { Name } from '../people/name.tsx'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import { Alarm } from './alarm.tsx'
import type { Checked } from './check-record.ts'
import style from './log.module.css'
import { Path } from './path.tsx'
import proofStyle from './proof.module.css'
import { proofQuery } from './queries.ts'
import { worst } from './step.ts'
import { StepRow, Steps, standingOf } from './steps.tsx'

const route = getRouteApi('/records/$position')

export function ProofPage() {
  const { position } = route.useParams()
  const { data, error, refetch } = useQuery(proofQuery(/^\d{1,15}$/.test(position) ? Number(position) : -1))
  if (data === undefined)
    return error === null ? (
      <div className={style.waiting} aria-busy="true" />
    ) : (
      <Problem error={error} again={() => void refetch()} />
    )
  const { detail, head, checked } = data
  const steps = [...(checked?.steps ?? []), ...head.steps]
  const outcome = worst(steps)
  const words = {
    proven: 'Proven in this browser',
    disproven: 'Disproven',
    incomplete: 'Not shown completely',
  } as const
  return (
    <div className={style.page}>
      <Title name={`Record ${position}`} says={<Link to="/log">Back to the log</Link>}>
        <Sign is={standingOf[outcome]}>{words[outcome]}</Sign>
      </Title>
      <Alarm head={head} />
      {checked !== undefined && <Instead checked={checked} />}
      <div className={proofStyle.columns}>
        <Record detail={detail} />
        <Card
          title="The proof"
          says="Computed here from what you see and from the log's own files. The server's word counts for nothing."
        >
          <Steps>
            {checked?.steps.map((step, place) => (
              <StepRow key={step.title} step={step}>
                {place === 0 && <Hash name="hash of the body" hash={detail.record.bodyHash} />}
                {place === 1 && <Hash name="hash of the leaf" hash={checked.leafHash} />}
                {place === 1 && <Path checked={checked} />}
              </StepRow>
            ))}
            {head.steps.map((step) => (
              <StepRow key={step.title} step={step} />
            ))}
          </Steps>
        </Card>
      </div>
    </div>
  )
}

function Hash({ name, hash }: { readonly name: string; readonly hash: string }) {
  return (
    <p className={proofStyle.hash}>
      {name} <code>{hash}</code>
    </p>
  )
}

function Instead({ checked: { instead } }: { readonly checked: Checked }) {
  if (instead.length === 0) return null
  return (
    <section className={style.alarm} role="alert" aria-labelledby="instead">
      <h2 id="instead">This is not what was sealed</h2>
      <p>What stands in the log at this place, itself shown to lead to the signed root, says something else:</p>
      <ul>
        {instead.map(({ member, shown, sealed }) => (
          <li key={member}>
            <strong>{member}</strong>: sealed as{' '}
            <code>
              <Inert text={sealed} />
            </code>
            , shown as{' '}
            <code>
              <Inert text={shown} />
            </code>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Record({ detail: { record, opening, names } }: { readonly detail: RecordDetail }) {
  // What is told is the very text that was hashed, and not what stands beside it.
  const hashed = opening === undefined ? record.body : read(opening.body)
  const { body: _, ...rest } = record
  const { words, more } = saidOf(hashed === undefined ? rest : { ...rest, body: hashed }, names, undefined)
  return (
    <Card title="The record">
      <p>
        <Name id={record.by} names={names} exact /> {words}
      </p>
      <p className="soft">
        <Moment at={record.at} />
        {record.stream.startsWith('wvr_') && record.type !== 'AttemptRefused' && (
          <>
            {', '}
            <Link to="/waivers/$waiver" params={{ waiver: record.stream }}>
              the waiver
            </Link>
          </>
        )}
      </p>
      {more}
      <h3>Its leaf</h3>
      <dl className={proofStyle.members}>
        {(['id', 'stream', 'version', 'type', 'at', 'by'] as const).map((member) => (
          <div key={member}>
            <dt>{member}</dt>
            <dd>
              <Inert text={String(record[member])} />
            </dd>
          </div>
        ))}
        <div>
          <dt>body</dt>
          <dd>{record.bodyHash}</dd>
        </div>
      </dl>
      {opening !== undefined && (
        <details className={style.raw}>
          <summary>Its body, as it was hashed</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>
            <Inert text={spread(opening.body)} />
          </pre>
        </details>
      )}
    </Card>
  )
}

/** The same text with line breaks between its members. */
function spread(body: string): string {
  const value = read(body)
  return value === undefined ? body : JSON.stringify(value, null, 2)
}

function read(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
