/** A witness from a folder: its key, made on the first start and readable for nobody else, and what it has cosigned. */
import { join } from 'node:path'
import { KEY_TYPE, keyLabel, type VerifierKey } from '../log/index.ts'
import { LogKeyError, signingKeysIn } from '../store/log-files.ts'
import { witnessFiles } from './state.ts'
import { type Witness, witnessOf } from './witness.ts'

export interface OpenOptions {
  readonly folder: string
  /** What it is called in its cosignatures; needed once, when its key is made. */
  readonly name: string
  readonly logs: readonly VerifierKey[]
  readonly report: (line: string) => void
  readonly nowMillis?: () => number
}

export const witnessKeyFile = 'witness-key'

/** @throws LogKeyError */
export async function openWitness(options: OpenOptions): Promise<{ witness: Witness; key: VerifierKey }> {
  const { folder, name, logs, report, nowMillis = Date.now } = options
  const path = join(folder, witnessKeyFile)
  const [signer, ...more] = await signingKeysIn(path, name, KEY_TYPE.cosignature)
  if (signer === undefined || more.length > 0) throw new LogKeyError(`\`${path}\` must hold exactly one key`)
  if (signer.key.type !== KEY_TYPE.cosignature) throw new LogKeyError(`\`${path}\` holds no key for cosignatures`)
  if (signer.key.name !== name) {
    throw new LogKeyError(`the key in \`${path}\` is \`${keyLabel(signer.key)}\`, not of \`${name}\``)
  }
  const own = logs.find((log) => log.publicKey.join() === signer.key.publicKey.join())
  if (own !== undefined)
    throw new LogKeyError(`\`${keyLabel(own)}\` is this witness's own key; nobody watches themselves`)
  const files = witnessFiles(folder)
  const nowSeconds = () => BigInt(Math.floor(nowMillis() / 1000))
  return { witness: witnessOf({ signer, logs, files, nowSeconds, report }), key: signer.key }
}
