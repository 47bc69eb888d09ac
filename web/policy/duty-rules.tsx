/** What nobody should be able to do alone: rules about duties, and which controls make an exception possible. */
import type { PolicyActivity } from '../../src/client/index.ts'
import type { DutyRule, Policy } from '../../src/core/policy.ts'
import { entry, useCatalogue } from '../catalogue/catalogue.ts'
import { Sign, type Standing } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Card } from '../waiver/card.tsx'
import { Did } from './did.tsx'
import style from './policy.module.css'
import { List } from './tiers.tsx'

const severities: Readonly<Record<DutyRule['severity'], Standing>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'wait',
  low: 'over',
}

export function DutyRules({ policy, did }: { readonly policy: Policy; readonly did: PolicyActivity | undefined }) {
  const { control } = useCatalogue()
  const rules = Object.values(policy.dutyRules)
  if (rules.length === 0) return null
  return (
    <div id="duties" className={style.part}>
      <Card title="Segregation of duties" says="What nobody should hold together. An exception is a waiver of its own.">
        <ul className={style.entitlements}>
          {rules.map((rule) => (
            <li key={rule.id} className={style.entitlement}>
              <p className={style.offered}>
                <strong>
                  <Inert text={rule.name} />
                </strong>
                <Sign is={severities[rule.severity]}>{rule.severity}</Sign>
              </p>
              <p className="soft">
                {rule.conflictsFrom === rule.functions.length ? 'Not together' : `Not ${rule.conflictsFrom} of these`}:{' '}
                <List of={rule.functions.map((id) => entry(policy.functions, id)?.name ?? id)} />.{' '}
                {rule.controls.length === 0 ? (
                  'No exception is possible.'
                ) : (
                  <>
                    An exception is of tier <Inert text={rule.tier} />, with one of:{' '}
                    <List of={rule.controls.map(control)} />.
                  </>
                )}
              </p>
              {rule.controls.length > 0 && <Did did={did} of="duty-rule" id={rule.id} />}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}
