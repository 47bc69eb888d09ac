/** Who may decide what. Membership alone decides nothing: each has to stand outside, too. */
import type { PolicyActivity } from '../../src/client/index.ts'
import type { Policy, Pool } from '../../src/core/policy.ts'
import { NodeLink } from '../directory/node-link.tsx'
import type { Names } from '../people/name.tsx'
import { Inert } from '../text/inert.tsx'
import { Card } from '../waiver/card.tsx'
import style from './policy.module.css'

const decides: Readonly<Record<Pool['decides'][number], string>> = {
  countersign: 'countersigns',
  endorse: 'endorses',
  review: 'looks back',
  security: 'may end anything',
  rules: 'decides the rules',
}

export function Pools({
  policy,
  did,
  names,
}: {
  readonly policy: Policy
  readonly did: PolicyActivity | undefined
  readonly names: Names
}) {
  return (
    <div id="pools" className={style.part}>
      <Card
        title="Pools"
        says="Who may decide, if they stand outside what they decide. A pool without members means nobody."
      >
        <ul className={style.pools}>
          {Object.values(policy.pools).map((pool) => (
            <li key={pool.id} className={style.pool}>
              <h3>
                <Inert text={pool.name} />
              </h3>
              <p className={style.chips}>
                {pool.decides.map((what) => (
                  <span key={what} className={style.chip}>
                    {decides[what]}
                  </span>
                ))}
              </p>
              <p>
                {pool.members.length === 0 && <span className="soft">Nobody.</span>}
                {pool.members.map((id, place) => (
                  <span key={id}>
                    {place > 0 && ', '}
                    <NodeLink id={id} names={names} />
                  </span>
                ))}
              </p>
              {pool.rotas.length > 0 && (
                <p className="soft fine">
                  On duty by{' '}
                  {pool.rotas.map((id) => (
                    <NodeLink key={id} id={id} names={names} />
                  ))}
                </p>
              )}
              {did !== undefined && pool.decides.includes('countersign') && (
                <p className={style.did}>
                  {did.pools.find((one) => one.pool === pool.id)?.countersigned ?? 0} countersignatures in 90 days, by
                  people who are in it now.
                </p>
              )}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}
