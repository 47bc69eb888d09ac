/** Somebody or something: what it is, how it stands to others and who says so, what it can do already, where sources disagree. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { NodeDetail, ProvenanceView } from '../../src/client/index.ts'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import { Card, Fact, Facts } from '../waiver/card.tsx'
import style from './directory.module.css'
import { Links } from './links.tsx'
import { kinds } from './looking.ts'
import { NodeLink, NodeSigns } from './node-link.tsx'
import { nodeQuery, provenanceQuery } from './queries.ts'
import { Relations } from './relations.tsx'
import { Uses } from './uses.tsx'

const route = getRouteApi('/directory/$node')

export function NodePage() {
  const { node: id } = route.useParams()
  const { data, error, refetch } = useQuery(nodeQuery(id))
  const { data: provenance } = useQuery(provenanceQuery(id))
  if (data === undefined)
    return error === null ? (
      <div className={style.waiting} aria-busy="true" />
    ) : (
      <Problem error={error} again={() => void refetch()} />
    )
  const { node } = data
  const asks = node.kind === 'person' || node.kind === 'workload'
  return (
    <div className={style.page}>
      <Title
        name={node.name}
        says={
          <>
            {kinds[node.kind].one}, <code>{node.id}</code>
          </>
        }
      >
        <div className={style.head}>
          <NodeSigns node={node} />
          {asks && (
            <Link to="/directory/between" search={{ asker: node.id }} className={style.between}>
              Why is somebody not independent?
            </Link>
          )}
        </div>
      </Title>
      {provenance != null && provenance.disagreements.length > 0 && <Disagreements provenance={provenance} />}
      <div className={style.columns}>
        <div className={style.column}>
          <Relations detail={data} provenance={provenance ?? undefined} />
          {provenance != null && <Uses provenance={provenance} />}
        </div>
        <div className={style.column}>
          <About detail={data} />
          <Links about={node.id} />
          <Turns detail={data} />
          {provenance != null && <Said provenance={provenance} />}
        </div>
      </div>
    </div>
  )
}

function About({ detail: { node, accounts, names } }: { readonly detail: NodeDetail }) {
  return (
    <Card title={node.kind === 'person' ? 'Who it is' : 'What it is'}>
      <Facts>
        <Fact name="kind">{node.workloadKind?.replaceAll('-', ' ') ?? kinds[node.kind].one}</Fact>
        {node.login !== undefined && (
          <Fact name="login">
            <code>
              <Inert text={node.login} />
            </code>{' '}
            on <NodeLink id={node.on ?? ''} names={names} />
          </Fact>
        )}
        {node.until !== undefined && (
          <Fact name="no longer here">
            since <Moment at={node.until} />
          </Fact>
        )}
        {(node.kind === 'person' || node.kind === 'workload') && (
          <Fact name="accounts">
            {accounts.length === 0 ? (
              <span className="soft">None that is beyond doubt.</span>
            ) : (
              <ul className={style.accounts}>
                {accounts.map((account) => (
                  <li key={account.id}>
                    <Link to="/directory/$node" params={{ node: account.id }}>
                      <code>
                        <Inert text={account.login ?? account.id} />
                      </code>
                    </Link>{' '}
                    <span className="soft">
                      on <Inert text={(account.on ?? '').replace(/^sys_/, '')} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Fact>
        )}
      </Facts>
    </Card>
  )
}

function Disagreements({ provenance: { disagreements } }: { readonly provenance: ProvenanceView }) {
  return (
    <Card title="Sources do not agree" tone="wait" says="The stricter reading counts.">
      <ul className={style.sentences}>
        {disagreements.map(({ about, sentence }) => (
          <li key={`${about} ${sentence}`}>
            <strong>{about.replaceAll('-', ' ')}:</strong> <Inert text={sentence} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Turns({ detail: { node, turns = [], names } }: { readonly detail: NodeDetail }) {
  if (turns.length === 0) return null
  return (
    <Card title="On duty" says="The next turns.">
      <ol className={style.turns}>
        {turns.map(({ rota, person, start, end }) => (
          <li key={`${rota} ${person} ${start}`}>
            <NodeLink id={node.kind === 'rota' ? person : rota} names={names} />
            <span className="soft">
              <Moment at={start} /> to <Moment at={end} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  )
}

function Said({ provenance: { descriptions, sources } }: { readonly provenance: ProvenanceView }) {
  return (
    <Card title="Who says so" says="Every source that knows it, and under which name.">
      <ul className={style.sources}>
        {descriptions.map((node) => {
          const source = sources.find(({ id }) => id === node.source)
          return (
            <li key={node.source}>
              <strong>
                <Inert text={node.source} />
              </strong>
              <span>
                “<Inert text={node.name} />”
              </span>
              <span className="soft">
                {source?.observedAt == null ? (
                  'never read'
                ) : (
                  <>
                    read <Moment at={source.observedAt} />
                  </>
                )}
                {source?.stale === true && ', too old to count'}
              </span>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
