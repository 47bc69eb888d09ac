/** The directory: who and what there is, how fresh that is, and what waits for somebody to say that it is so. */
import { SegmentedControl, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { NodeView } from '../../src/client/index.ts'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Inert } from '../text/inert.tsx'
import { Card } from '../waiver/card.tsx'
import style from './directory.module.css'
import { Holds } from './holds.tsx'
import { Links } from './links.tsx'
import { kinds, type Looking, type NodeKind } from './looking.ts'
import { NodeSigns } from './node-link.tsx'
import { foundQuery, holdsQuery, linksQuery } from './queries.ts'
import { Sources } from './sources.tsx'

const route = getRouteApi('/directory')

export function DirectoryPage() {
  const looking = route.useSearch()
  return (
    <div className={style.page}>
      <Title
        name="Directory"
        says="Who is who, by the sources of this installation. Independence is judged by nothing else."
      >
        <Link to="/directory/between" className={style.between}>
          Why are two not independent?
        </Link>
      </Title>
      <Search looking={looking} />
      {looking.find !== undefined && <Found looking={looking} />}
      <Waiting />
      <Sources />
    </div>
  )
}

/** What comes later never pushes down what somebody has begun to answer. */
function Waiting() {
  const { isPending: holdsPending } = useQuery(holdsQuery)
  const { isPending: linksPending } = useQuery(linksQuery)
  if (holdsPending || linksPending) return <div className={style.waiting} aria-busy="true" />
  return (
    <>
      <Holds />
      <Links />
    </>
  )
}

const pauseMillis = 200

function Search({ looking: { find = '', kind } }: { readonly looking: Looking }) {
  const navigate = useNavigate()
  const [text, setText] = useState(find)
  useEffect(() => setText(find), [find])
  useEffect(() => {
    if (text.trim() === find) return
    // Answers are asked for when somebody pauses.
    const timer = setTimeout(
      () =>
        void navigate({
          to: '/directory',
          replace: true,
          search: { ...(text.trim() === '' ? {} : { find: text.trim() }), ...(kind === undefined ? {} : { kind }) },
        }),
      pauseMillis,
    )
    return () => clearTimeout(timer)
  }, [text, find, kind, navigate])
  const choose = (next: string) =>
    void navigate({
      to: '/directory',
      replace: true,
      search: { ...(find === '' ? {} : { find }), ...(next === 'all' ? {} : { kind: next as NodeKind }) },
    })
  return (
    <search className={style.search}>
      <TextInput
        label="Find somebody or something"
        placeholder="A part of a name, an id, or a login"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        autoFocus
      />
      <SegmentedControl
        aria-label="What kind"
        value={kind ?? 'all'}
        onChange={choose}
        data={[
          { value: 'all', label: 'All' },
          ...Object.entries(kinds).map(([value, { many }]) => ({ value, label: many })),
        ]}
      />
    </search>
  )
}

function Found({ looking }: { readonly looking: Looking }) {
  const { data, error, refetch } = useQuery({ ...foundQuery(looking), placeholderData: keepPreviousData })
  if (data === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined) return <div className={style.waiting} aria-busy="true" />
  return (
    <Card title="Found" says={data.more ? 'Only the best matches. Type more of the name.' : undefined}>
      {data.nodes.length === 0 ? (
        <p>
          Nothing in the directory fits. It knows what its sources said when they were read last; nobody is added here
          by hand.
        </p>
      ) : (
        <ul className={style.found} aria-label="Found">
          {data.nodes.map((node) => (
            <Row key={node.id} node={node} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function Row({ node }: { readonly node: NodeView }) {
  return (
    <li className={style.row}>
      <Link to="/directory/$node" params={{ node: node.id }} className={style.what}>
        <Inert text={node.name} />
      </Link>
      <span className={style.facts}>
        <span className={style.kind}>{kinds[node.kind].one}</span>
        <code>
          <Inert text={node.id} />
        </code>
        {node.login !== undefined && (
          <span>
            <Inert text={node.login} /> on <Inert text={node.on ?? ''} />
          </span>
        )}
        <NodeSigns node={node} />
      </span>
    </li>
  )
}
