/** Somebody or something of the directory, leading to its own page. */
import { Link } from '@tanstack/react-router'
import type { NodeView } from '../../src/client/index.ts'
import type { Names } from '../people/name.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import style from './directory.module.css'

export function NodeLink({ id, names }: { readonly id: string; readonly names: Names }) {
  return (
    <Link to="/directory/$node" params={{ node: id }} className={style.node} title={id}>
      <Inert text={names[id] ?? id} />
    </Link>
  )
}

export function NodeSigns({ node }: { readonly node: NodeView }) {
  return (
    <>
      {node.external === true && <Sign is="wait">not employed here</Sign>}
      {node.until !== undefined && <Sign is="over">no longer here</Sign>}
    </>
  )
}
