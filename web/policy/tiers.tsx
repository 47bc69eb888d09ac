/** Levels of risk, lowest first: how long, in how many steps, by whom, and what has to hold meanwhile. */
import type { PolicyActivity } from '../../src/client/index.ts'
import type { Policy, Tier } from '../../src/core/policy.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Inert } from '../text/inert.tsx'
import { lengthWords } from '../time/words.ts'
import { Card, Fact, Facts } from '../waiver/card.tsx'
import { Did } from './did.tsx'
import style from './policy.module.css'

export function Tiers({ policy, did }: { readonly policy: Policy; readonly did: PolicyActivity | undefined }) {
  const tiers = Object.entries(policy.tiers).sort(([, a], [, b]) => a.rank - b.rank)
  const raised = Object.entries(policy.beneficiaryRisk)
  return (
    <div id="tiers" className={style.part}>
      <Card title="Tiers" says="How risky something is decides how long it may last and what it takes. Lowest first.">
        <ul className={style.tiers}>
          {tiers.map(([id, tier]) => (
            <li key={id} className={style.tier}>
              <h3>
                <Inert text={id} />
              </h3>
              <TierFacts tier={tier} />
              <Did did={did} of="tier" id={id} />
            </li>
          ))}
        </ul>
        {raised.length > 0 && (
          <p>
            Whoever gets the access can only raise the tier:{' '}
            {raised.map(([who, tier], place) => (
              <span key={who}>
                {place > 0 && ', '}
                {who === 'external' ? 'people not employed here' : `${who}s`} at least <strong>{tier}</strong>
              </span>
            ))}
            .
          </p>
        )}
      </Card>
    </div>
  )
}

function TierFacts({ tier }: { readonly tier: Tier }) {
  const { pool, control } = useCatalogue()
  const { extension } = tier
  return (
    <Facts>
      <Fact name="at most">{lengthWords(tier.windowSecondsMax)}</Fact>
      {tier.steps.includes('endorse') && (
        <Fact name="first endorsed by">
          <List of={tier.endorsePools.map(pool)} />
        </Fact>
      )}
      <Fact name={tier.countersignersMin === 1 ? 'countersigned by one of' : `by ${tier.countersignersMin} of`}>
        <List of={tier.pools.map(pool)} />
        {tier.passkey && <span className="soft">, with a passkey</span>}
      </Fact>
      {tier.controlsRequired.length > 0 && (
        <Fact name="meanwhile">
          <List of={tier.controlsRequired.map(control)} />
          <span className="soft">, missed: {tier.missedControl === 'suspend' ? 'suspended' : 'reported'}</span>
        </Fact>
      )}
      <Fact name="decided within">
        {lengthWords(tier.decideWithinSeconds)}, started{' '}
        {tier.activation === 'automatic' ? 'by itself' : `within ${lengthWords(tier.activateWithinSeconds)}`}
      </Fact>
      <Fact name="more time">
        {extension.countMax === 0
          ? 'never'
          : `${extension.countMax} ${extension.countMax === 1 ? 'time' : 'times'}, in total ${lengthWords(extension.cumulativeSecondsMax)} in ${lengthWords(extension.overSeconds)}${extension.distinctCountersigner ? ', by somebody else each time' : ''}`}
      </Fact>
      <Fact name="looked back at within">
        {lengthWords(tier.reviewWithinSeconds)}
        {tier.activityEverySeconds !== undefined && `; activity read every ${lengthWords(tier.activityEverySeconds)}`}
      </Fact>
    </Facts>
  )
}

export function List({ of }: { readonly of: readonly string[] }) {
  return of.map((text, place) => (
    <span key={text}>
      {place > 0 && ', '}
      <Inert text={text} />
    </span>
  ))
}
