/**
 * The passkeys of the sample's people: keys in software, enrolled and confirmed by the same calls as anybody's, the first
 * time somebody needs one. They are kept in memory and say in their model what they are; nothing outside the sample takes
 * them.
 */
import type { Answer, Client, PasskeySignature, PasskeyView } from '../client/index.ts'
import { type Authenticator, softwareAuthenticator } from './authenticator.ts'
import type { Person } from './cast.ts'

export interface SamplePasskeys {
  /** Sees to it that somebody has a passkey in force. @throws when nobody independent confirms it */
  ready(person: Person): Promise<void>
  /** @throws when it holds none of these credentials */
  sign(person: Pick<Person, 'id'>, asked: SigningAsked): PasskeySignature
}

/** The part of `navigator.credentials.get` that matters here. */
export interface SigningAsked {
  readonly challenge: string
  readonly rpId: string
  readonly allowCredentials: readonly { readonly id: string }[]
}

interface Options {
  readonly publicUrl: string
  /** Somebody who has just signed in. */
  readonly as: (person: Person) => Promise<Client>
  /** Whoever looks after security, then founders. */
  readonly confirmers: () => Promise<readonly Person[]>
}

const name = 'sample passkey'

export function samplePasskeys({ publicUrl, as, confirmers }: Options): SamplePasskeys {
  const authenticators = new Map<string, Authenticator>()
  const known = new Map<string, string>()
  // One after the other: two who confirm each other's first key at once would both wait for the other's signature.
  let queue: Promise<unknown> = Promise.resolve()

  const authenticatorOf = ({ id }: Pick<Person, 'id'>) => {
    const authenticator = authenticators.get(id) ?? softwareAuthenticator()
    authenticators.set(id, authenticator)
    return authenticator
  }
  const sign: SamplePasskeys['sign'] = (person, { challenge, rpId, allowCredentials }) =>
    authenticatorOf(person).get({
      challenge,
      relyingParty: rpId,
      origin: publicUrl,
      credentials: allowCredentials.map(({ id }) => id),
    })

  async function enrolled(person: Person, client: Client): Promise<PasskeyView> {
    const { challenge, publicKey } = value(await client.beginEnrolment())
    const { id: credential, ...made } = authenticatorOf(person).create({
      challenge: publicKey.challenge,
      relyingParty: publicKey.rp.id,
      origin: publicUrl,
    })
    return value(await client.enrolPasskey({ challenge, name, credential, ...made, transports: ['internal'] })).passkey
  }

  async function confirmed(by: Person, { id, digest }: PasskeyView): Promise<PasskeyView | undefined> {
    const client = await as(by)
    const detail = await client.passkey(id)
    if (!detail.ok || !detail.value.mayConfirm) return undefined
    const challenge = await client.showConfirmation(id, { digest })
    if (challenge.ok) return value(await client.sign(challenge.value.id, sign(by, challenge.value.publicKey))).passkey
    // Whoever has no passkey yet confirms with the sign-in of just now.
    const answer = await client.confirmPasskey(id, { digest })
    return answer.ok ? answer.value.passkey : undefined
  }

  async function enrol(person: Person): Promise<void> {
    const client = await as(person)
    const before = known.get(person.id)
    const kept = before === undefined ? undefined : await client.passkey(before)
    if (kept?.ok && kept.value.passkey.state === 'in-force') return
    const passkey = await enrolled(person, client)
    for (const by of (await confirmers()).filter(({ id }) => id !== person.id)) {
      if ((await confirmed(by, passkey)) === undefined) continue
      // Asked anew: the answer to the confirmation may be of the moment before it took effect.
      const now = await client.passkey(passkey.id)
      if (!now.ok || now.value.passkey.state !== 'in-force') continue
      known.set(person.id, passkey.id)
      return
    }
    throw new Error(`nobody independent of ${person.id} confirms their passkey`)
  }

  return {
    ready(person) {
      const turn = queue.then(() => enrol(person))
      queue = turn.catch(() => {})
      return turn
    },
    sign,
  }
}

function value<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value
  throw new Error(`${answer.problem.code}: ${answer.problem.detail}`)
}
