/** What can be asked for, system by system, with the tier it is in and the duties it carries. */
import type { PolicyActivity } from '../../src/client/index.ts'
import type { Entitlement, Policy } from '../../src/core/policy.ts'
import { NodeLink } from '../directory/node-link.tsx'
import { Inert } from '../text/inert.tsx'
import { Card } from '../waiver/card.tsx'
import { Did } from './did.tsx'
import style from './policy.module.css'
import { List } from './tiers.tsx'

export function Systems({ policy, did }: { readonly policy: Policy; readonly did: PolicyActivity | undefined }) {
  return (
    <div id="systems" className={style.part}>
      <Card title="Systems" says="What can be asked for, and how risky it is. What is not here cannot be asked for.">
        {Object.values(policy.systems).map((system) => (
          <section key={system.id} className={style.system} aria-label={system.name}>
            <h3>
              <NodeLink id={system.id} names={{ [system.id]: system.name }} />
            </h3>
            <ul className={style.entitlements}>
              {Object.values(system.entitlements).map((entitlement) => (
                <li key={entitlement.id} className={style.entitlement}>
                  <Offered entitlement={entitlement} />
                  <Did did={did} of="entitlement" id={`${system.id} ${entitlement.id}`} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </Card>
    </div>
  )
}

function Offered({
  entitlement: { name, tier, resources, actions, duties, kinds },
}: {
  readonly entitlement: Entitlement
}) {
  return (
    <>
      <p className={style.offered}>
        <strong>
          <Inert text={name} />
        </strong>
        <span className={style.chip}>
          <Inert text={tier} />
        </span>
        {kinds.includes('break-glass') && <span className={style.chip}>envelope</span>}
        {kinds.includes('sod-exception') && <span className={style.chip}>exception possible</span>}
      </p>
      <p className="soft fine">
        <code>
          <List of={actions} />
        </code>{' '}
        on{' '}
        <code>
          <List of={resources} />
        </code>
        {duties.length > 0 && (
          <>
            , lets one <List of={duties.map((duty) => duty.replaceAll('-', ' '))} />
          </>
        )}
      </p>
    </>
  )
}
