/**
 * One listener's stream of server-sent events. It carries that something happened to what, never what it says: whoever is
 * told asks for it on the ordinary way. It ends when its sign-in does, and a listener who does not keep up is let go.
 */
import { Readable } from 'node:stream'
import type { Sight } from '../sight.ts'
import type { Fresh, Tail } from './tail.ts'

export interface Listening {
  /** With the eyes of the caller, on the newest facts; nothing once they are nobody. */
  readonly sight: () => Promise<Sight | undefined>
  readonly sees: (sight: Sight, fresh: Fresh) => boolean
  /** Whether the sign-in that this stream began with still holds. */
  readonly stillSignedIn: () => Promise<boolean>
  readonly last: bigint
}

const beatMillis = 15_000
const bufferedBytesMax = 256 * 1024

export function streamOf(tail: Tail, { sight, sees, stillSignedIn, last }: Listening): Readable {
  const stream = new Readable({ read() {}, highWaterMark: bufferedBytesMax })
  const send = (text: string) => {
    if (stream.destroyed) return
    // What is not read for so long is read by nobody.
    if (stream.readableLength > bufferedBytesMax) stream.destroy()
    else stream.push(text)
  }
  const over = () => {
    send(message('over', {}))
    if (!stream.destroyed) stream.push(null)
  }
  const stopListening = tail.listen(last, async (fresh) => {
    const eyes = await sight().catch((): undefined => undefined)
    if (eyes === undefined) return over()
    for (const one of fresh) if (sees(eyes, one)) send(recordMessage(one))
  })
  const beat = setInterval(() => {
    stillSignedIn().then(
      (still) => (still ? send(': still here\n\n') : over()),
      () => over(),
    )
  }, beatMillis)
  beat.unref()
  stream.once('close', () => {
    clearInterval(beat)
    stopListening()
  })
  send(message('begin', { last: Number(last) }))
  return stream
}

function recordMessage({ event: { position, stream, type, at, by } }: Fresh): string {
  return message('record', { position: Number(position), stream, type, at, by }, position)
}

/** JSON has no line breaks of its own, so nothing in it can end the message. */
function message(event: string, data: object, id?: bigint): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
