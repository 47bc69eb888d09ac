/**
 * The verdict as a picture: who asks on the left, who gives on the right, and whoever decides between them. An independent
 * decider stands alone; every path that makes somebody not independent is drawn across the line it crosses, and is written
 * out below, so that nothing depends on seeing it.
 */
import { useRef } from 'react'
import type { Picture as Drawn } from '../../src/client/index.ts'
import { Shape } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { captionsOf } from './captions.ts'
import { aboutThem, conflictWords } from './conflict-words.ts'
import { Edges } from './edges.tsx'
import style from './picture.module.css'

type Node = Drawn['nodes'][number]

const lanes = [
  { side: 'requesting', title: 'Asks and benefits' },
  { side: 'deciding', title: 'Decides' },
  { side: 'granting', title: 'Gives the access' },
] as const

export function Picture({ picture, self }: { readonly picture: Drawn; readonly self: boolean }) {
  const around = useRef<HTMLDivElement>(null)
  const { nodes, independent, left } = picture
  return (
    <div className={style.whole}>
      <div className={style.lanes} ref={around} data-independent={independent} aria-hidden="true">
        <Edges around={around} picture={picture} />
        {lanes.map(({ side, title }) => (
          <div key={side} className={style.lane} data-side={side}>
            <p className={style.title}>{title}</p>
            {nodes
              .filter((node) => node.side === side)
              .map((node) => (
                <Box key={node.id} node={node} picture={picture} self={self} />
              ))}
          </div>
        ))}
      </div>
      <Told picture={picture} self={self} />
      {left > 0 && <p className="soft fine">{left} more around them are not drawn; no path leads through them.</p>}
    </div>
  )
}

function Box({ node, picture, self }: { readonly node: Node; readonly picture: Drawn; readonly self: boolean }) {
  const touched = picture.edges.some(
    ({ from, to, conflicts }) => conflicts.length > 0 && (from === node.id || to === node.id),
  )
  const isDecider = node.part === 'decider'
  return (
    <div className={style.box} data-node={node.id} data-kind={node.kind} data-part={node.part} data-touched={touched}>
      <span className={style.name}>
        {isDecider && self ? 'You' : <Inert text={node.name} />}
        {isDecider && <Shape is={picture.independent ? 'good' : 'bad'} />}
      </span>
      {captionsOf(node, picture, self).map((caption) => (
        <span key={caption} className={style.caption}>
          <Inert text={caption} />
        </span>
      ))}
    </div>
  )
}

/** The same in words. */
function Told({
  picture: { conflicts, independent, nodes, person },
  self,
}: {
  readonly picture: Drawn
  readonly self: boolean
}) {
  const who = self ? 'you' : (nodes.find(({ id }) => id === person)?.name ?? person)
  return (
    <div className={style.told}>
      {independent && (
        <p className={style.free}>
          <Shape is="good" /> No path leads from <Inert text={who} /> to those who ask or to those who give.
        </p>
      )}
      {conflicts.length > 0 && (
        <ul>
          {conflicts.map(({ code, reads, because }) => (
            <li key={code} className={style.conflict}>
              <strong>{self ? conflictWords(code) : aboutThem(code)}.</strong>{' '}
              {(reads ?? because) !== undefined && <Inert text={reads ?? because ?? ''} />}{' '}
              <code className="soft">{code}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
