/** The part of a passkey that two people compare by voice. Groups of four, so that nobody loses their place. */
import type { PasskeyView } from '../../src/client/index.ts'
import style from './passkeys.module.css'

export function Fingerprint({ of: { fingerprint } }: { readonly of: Pick<PasskeyView, 'fingerprint'> }) {
  return (
    <p className={style.fingerprint}>
      <span className="unseen">Fingerprint </span>
      {fingerprint.split(' ').map((group, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one fingerprint never change places
        <code key={place}>{group}</code>
      ))}
    </p>
  )
}
