/**
 * How a witness is asked: one POST, as C2SP tlog-witness says. A redirect is not followed, an answer is not waited for longer
 * than ten seconds, and nothing it sends is believed here: the cosignature is checked by whoever asked.
 */

export interface WitnessAddress {
  /** Where `add-checkpoint` is below. */
  readonly url: string
}

export interface WitnessAnswered {
  readonly status: number
  readonly body: string
}

const millisMax = 10_000
const bodyLengthMax = 64 * 1024

/** @throws whatever the network does */
export async function askWitness({ url }: WitnessAddress, body: string): Promise<WitnessAnswered> {
  const answer = await fetch(`${url.replace(/\/+$/, '')}/add-checkpoint`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    redirect: 'error',
    signal: AbortSignal.timeout(millisMax),
  })
  const text = await answer.text()
  if (text.length > bodyLengthMax) throw new Error(`the answer is longer than ${bodyLengthMax} characters`)
  return { status: answer.status, body: text }
}
