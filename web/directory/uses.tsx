/** What can be used already, without any waiver: standing access, also through teams. */
import type { ProvenanceView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Inert } from '../text/inert.tsx'
import { Card } from '../waiver/card.tsx'
import style from './directory.module.css'
import { NodeLink } from './node-link.tsx'

export function Uses({ provenance: { id, uses, access, names } }: { readonly provenance: ProvenanceView }) {
  const { entitlement, system } = useCatalogue()
  const own =
    uses.length > 0 ? uses : access.map(({ said, ...one }) => ({ ...one, source: said[0]?.source ?? '', path: [] }))
  if (own.length === 0) return null
  return (
    <Card title="What is there without a waiver" says="Standing access, as the sources state it.">
      <ul className={style.uses}>
        {own.map((use) => (
          <li key={`${use.system} ${use.entitlement} ${use.holder} ${use.source}`}>
            <strong>
              <Inert text={entitlement(use.system, use.entitlement)} />
            </strong>{' '}
            on <Inert text={system(use.system)} />
            {use.holder !== id && (
              <span className="soft">
                {', '}
                {use.path.length > 0 ? 'through' : 'held by'} <NodeLink id={use.holder} names={names} />
              </span>
            )}{' '}
            <span className={style.sayings}>
              <Inert text={use.source} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
