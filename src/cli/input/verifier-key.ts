/** A verifier key that somebody types, or the file that holds it. */
import { readFile } from 'node:fs/promises'
import { KEY_TYPE, keyLabel, MalformedInput, parseVerifierKey, type VerifierKey } from '../../log/index.ts'
import { quoted } from '../output/visible.ts'
import { UsageError } from '../usage-error.ts'

/** @throws {UsageError} */
export async function verifierKeys(option: string, given: readonly string[] = []): Promise<readonly VerifierKey[]> {
  const lines = await Promise.all(given.map((word) => linesOf(option, word)))
  return lines.flat().map((line) => keyIn(option, line))
}

/** A key has two plus signs; a path that has them as well can be written with `./`. */
async function linesOf(option: string, word: string): Promise<readonly string[]> {
  if (/^[^+/]+(?:\/[^+]*)?\+[0-9a-f]{8}\+/.test(word)) return [word]
  try {
    const text = await readFile(word, 'utf8')
    return text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new UsageError(`${option} ${quoted(word)} is neither a verifier key (\`name+id+base64\`) nor a file of them`)
  }
}

function keyIn(option: string, line: string): VerifierKey {
  try {
    return parseVerifierKey(line.trim())
  } catch (error) {
    if (error instanceof MalformedInput) throw new UsageError(`${option}: ${error.message}`)
    throw error
  }
}

/** Keys of witnesses: for timestamped cosignatures, and nobody twice. @throws {UsageError} */
export async function witnessKeys(option: string, given: readonly string[] = []): Promise<readonly VerifierKey[]> {
  const keys = await verifierKeys(option, given)
  const wrong = keys.find(({ type }) => type !== KEY_TYPE.cosignature)
  if (wrong !== undefined) throw new UsageError(`${option} ${quoted(keyLabel(wrong))} is not the key of a witness`)
  if (new Set(keys.map(({ publicKey }) => publicKey.join())).size === keys.length) return keys
  throw new UsageError(`${option} names a witness twice`)
}
