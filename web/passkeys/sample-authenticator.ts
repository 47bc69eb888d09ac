/**
 * In the sample organisation people are nobody, so a program signs for whoever one chose to be. The demo alone answers
 * here; anywhere else there is no such address, and what it signs would not be taken.
 */
import type { ChallengeView, PasskeySignature } from '../../src/client/index.ts'
import type { FromDevice } from './device.ts'

/** Known to `src/demo/sample-signing.ts` by the same name. */
const path = '/sample-passkeys'

/** Sees to it that somebody of the sample has a passkey in force: enrolled, and confirmed by somebody else of the sample. */
export async function readyInSample(person: string): Promise<void> {
  await asked('/ready', { person })
}

export async function signInSample(
  person: string,
  { challenge, rpId, allowCredentials }: ChallengeView['publicKey'],
): Promise<FromDevice<PasskeySignature>> {
  const publicKey = { challenge, rpId, allowCredentials: allowCredentials.map(({ id }) => ({ id })) }
  const answer = await asked('/signature', { person, publicKey })
  return answer === undefined
    ? { is: 'failed', why: 'The sample’s passkey is not there any more. Close this, and begin again.' }
    : { is: 'made', value: answer as PasskeySignature }
}

async function asked(what: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(path + what, { method: 'POST', headers, body: JSON.stringify(body) })
  return response.ok ? response.json() : undefined
}
