/**
 * A witness (C2SP tlog-witness): it cosigns a log's newest checkpoint only when that continues the one it cosigned before,
 * writes down what it will sign before it signs, and answers one log's requests one after another. It believes nobody: a
 * log that shows two histories gets one of them cosigned and leaves its other one as evidence.
 */
import {
  cosign,
  decideCosignature,
  formatNote,
  formatSignatureLines,
  formatTreeSize,
  MalformedInput,
  parseAddCheckpoint,
  type Signer,
  type VerifierKey,
} from '../log/index.ts'
import type { Latest, WitnessFiles } from './state.ts'

export interface WitnessReply {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

export interface WitnessParts {
  readonly signer: Signer
  /** Keys of the logs it watches; the name of a key is the origin of its log. */
  readonly logs: readonly VerifierKey[]
  readonly files: WitnessFiles
  readonly nowSeconds: () => bigint
  /** Told of everything that people should look at. */
  readonly report: (line: string) => void
}

export interface Witness {
  /** The body of `POST add-checkpoint`. */
  addCheckpoint(body: Uint8Array): Promise<WitnessReply>
  latest(origin: string): Promise<Latest | undefined>
}

export function witnessOf(parts: WitnessParts): Witness {
  const turns = new Map<string, Promise<unknown>>()
  /** One at a time for each log; a request that fails does not stop the next. */
  const inTurn = <Value>(origin: string, work: () => Promise<Value>): Promise<Value> => {
    const turn = (turns.get(origin) ?? Promise.resolve()).then(work, work)
    turns.set(
      origin,
      turn.catch(() => {}),
    )
    return turn
  }
  return {
    latest: (origin) => parts.files.latest(origin),
    async addCheckpoint(body) {
      const request = read(body)
      if (request instanceof MalformedInput) return plain(400, request.message)
      const { origin } = request.checkpoint
      if (!parts.logs.some(({ name }) => name === origin)) return plain(404, 'this log is not watched here')
      return inTurn(origin, () => answer(parts, request, body))
    },
  }
}

type Request = ReturnType<typeof parseAddCheckpoint>

const tries = 5

async function answer(parts: WitnessParts, request: Request, body: Uint8Array): Promise<WitnessReply> {
  const { origin } = request.checkpoint
  const logKeys = parts.logs.filter(({ name }) => name === origin)
  for (let left = tries; left > 0; left--) {
    const latest = await parts.files.latest(origin)
    const decided = await decideCosignature(request, { logKeys, latest })
    switch (decided.answer) {
      case 'cosign': {
        const isSame = latest?.size === decided.checkpoint.size
        if (isSame || (await parts.files.advance(origin, latest, formatNote(request.note))))
          return signed(parts, request)
        continue
      }
      case 'conflict':
        if (latest?.size === request.checkpoint.size && request.oldSize === latest.size)
          await twoHistories(parts, request, body)
        return { status: 409, contentType: 'text/x.tlog.size', body: formatTreeSize(decided.size) }
      case 'inconsistent':
        await twoHistories(parts, request, body)
        return plain(422, 'the checkpoint does not continue the one that was cosigned before')
      case 'unknown-log':
        return plain(404, 'this log is not watched here')
      case 'not-signed-by-log':
        return plain(403, 'no key of this log that is known here signed the checkpoint')
      case 'old-size-too-large':
        return plain(400, 'the old size is larger than the checkpoint')
      default:
        return decided satisfies never
    }
  }
  return plain(503, 'others go on faster; try again')
}

async function signed({ signer, nowSeconds }: WitnessParts, { note }: Request): Promise<WitnessReply> {
  const line = await cosign(note.text, signer, nowSeconds())
  return plain(200, formatSignatureLines([line]))
}

/** Signed by the log, and at odds with what it had signed before: whoever finds that has found something. */
async function twoHistories({ files, report }: WitnessParts, { checkpoint }: Request, body: Uint8Array): Promise<void> {
  await files.keepEvidence(checkpoint.origin, new TextDecoder().decode(body))
  report(
    `\`${checkpoint.origin}\` signed a checkpoint of ${checkpoint.size} leaves that does not continue what was cosigned here; the request is kept as evidence`,
  )
}

function read(body: Uint8Array): Request | MalformedInput {
  try {
    return parseAddCheckpoint(body)
  } catch (error) {
    if (error instanceof MalformedInput) return error
    throw error
  }
}

function plain(status: number, body: string): WitnessReply {
  return { status, contentType: 'text/plain; charset=utf-8', body: body.endsWith('\n') ? body : `${body}\n` }
}
