/** What happens from a new passkey to the first signature, and what if it is lost; said plainly, with how far one is. */
import type { PasskeyView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Inert } from '../text/inert.tsx'
import { Card } from '../waiver/card.tsx'
import style from './passkeys.module.css'

export function Steps({ passkeys }: { readonly passkeys: readonly PasskeyView[] }) {
  const { rules } = useCatalogue()
  const pools = Object.values(rules?.pools ?? {})
    .filter(({ decides }) => decides.includes('security'))
    .map(({ name, id }) => name ?? id)
  const has = (...states: readonly PasskeyView['state'][]) => passkeys.some(({ state }) => states.includes(state))
  const signs = has('in-force')
  const enrolled = signs || has('waiting', 'not-yet-in-force')
  return (
    <Card title="How a passkey comes to sign">
      <ol className={style.steps}>
        <li data-done={enrolled}>
          <div>
            <h3>You enrol it</h3>
            <p>Your device makes a key and keeps it. Countersign gets the half that only checks signatures.</p>
          </div>
        </li>
        <li data-done={signs}>
          <div>
            <h3>Somebody from outside confirms it</h3>
            <p>
              {pools.length === 0 ? 'Whoever looks after security' : <Inert text={pools.join(', ')} />}, if they stand
              outside your team and your line. They compare five groups of letters with you, by voice, within seven
              days. While nobody of them can, the founders do it together.
            </p>
          </div>
        </li>
        <li data-done={signs}>
          <div>
            <h3>From then on it signs</h3>
            <p>
              Each signature is for one decision, over exactly what the page shows, and good for five minutes. Anybody
              can check it later without Countersign.
            </p>
          </div>
        </li>
      </ol>
      <p className="soft fine">
        <strong>Lost it?</strong> Remove it here, or have it removed by whoever looks after security: that works at
        once. A new one is confirmed like the first. If only founders can confirm it, it signs a day later, and
        everybody who looks after security hears of it first.
      </p>
    </Card>
  )
}
