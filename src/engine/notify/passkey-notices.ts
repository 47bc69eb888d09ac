/**
 * What is told of passkeys: a key that may soon speak for somebody, one that does from now on, one that does no more. Its
 * owner always hears of it, because it may not have been them.
 */
import type { Passkeys, PasskeysEvent } from '../../core/passkeys.ts'
import type { Telling } from './telling.ts'

type PasskeyOf<Type extends PasskeysEvent['type']> = Extract<PasskeysEvent, { type: Type }>

export const passkeyNotices: {
  readonly [Type in PasskeysEvent['type']]: Telling<Passkeys, PasskeyOf<Type>> | undefined
} = {
  PasskeyEnrolled: {
    urgency: 'normal',
    to: ({ person }, { security, founders }) => [person, ...security, ...founders],
    codes: ({ passkey, confirmBy, replaces }) => ({ passkey: passkey.id, confirmBy, replaces }),
  },
  PasskeyConfirmed: {
    // In time to object: what founders confirm in place of a lost one signs a day later.
    urgency: 'immediate',
    to: ({ person }, { security, founders }) => [person, ...security, ...founders],
    codes: ({ passkey, complete, effectiveAt, asFounder }) => ({
      passkey,
      complete,
      effectiveAt,
      asFounder: asFounder === true,
    }),
  },
  PasskeyRemoved: {
    urgency: 'normal',
    to: ({ person }, { security }) => [person, ...security],
    codes: ({ passkey }) => ({ passkey }),
  },
  AttemptRefused: undefined,
}
