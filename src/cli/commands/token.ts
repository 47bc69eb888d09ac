/** A token for what a waiver covers: what one may do, for minutes, instead of who one is. */
import { access, readFile, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type ExchangedToken, exchangeToken, tokenPath } from '../../client/index.ts'
import { withPrefix } from '../../files/reference.ts'
import { makeKey, proofOf } from '../key-file.ts'
import { fields } from '../output/fields.ts'
import { exactly } from '../output/moments.ts'
import { quoted } from '../output/visible.ts'
import { performs, type Registry } from '../perform.ts'
import { placeOf, tokenOf } from '../session.ts'
import { Stop } from '../stop.ts'
import { UsageError } from '../usage-error.ts'

interface Options {
  readonly key?: string
  readonly newKey?: string
  readonly raw?: true
}

export function addToken(program: Command, registry: Registry): void {
  program
    .command('token')
    .summary('a token for what a waiver of yours covers')
    .description(
      'Exchanges your sign-in, or the token in COUNTERSIGN_TOKEN, for a token that says what you may do: for minutes, never past the window, and ended with the waiver.',
    )
    .argument('<waiver>', 'id of a live waiver of yours, or of the system where you have exactly one')
    .option('--key <file>', 'bind it to the key in this file (DPoP)')
    .option('--new-key <file>', 'make a key, keep it in this new file, and bind the token to it')
    .option('--raw', 'print the token and nothing else')
    .action(
      performs<Options, [string]>(registry, async (call, options, of) => {
        const place = await placeOf(call)
        const key = await keyOf(options)
        const subjectToken = await tokenOf(call, place)
        const { nowMillis, fetch } = call.context
        const address = { method: 'POST', url: `${place.server}${tokenPath}`, nowSeconds: nowMillis() / 1000 }
        const given = givenBy(
          await exchangeToken({
            baseUrl: place.server,
            subjectToken,
            ...(of.startsWith('wvr_') ? { waiver: of } : { audience: withPrefix('sys', of) }),
            ...(key === undefined ? {} : { proof: await proofOf(key, address) }),
            fetch,
          }),
        )
        await keepKey(options, key)
        const [details = {}] = given.authorization_details
        if (options.raw === true) return { document: given, lines: [given.access_token] }
        return {
          document: given,
          lines: [
            ...fields(call.page, [
              ['Waiver', String(details.identifier)],
              ['Lasts', exactly(given.expires_in)],
              [
                'Bound to',
                given.token_type === 'DPoP'
                  ? (options.key ?? options.newKey ?? '')
                  : 'no key: whoever has it may use it',
              ],
              ['Checked', details.check === 'each-use' ? 'at each use' : 'by the token and its status'],
              ['Actions', [details.actions as string[]].flat()],
              ['Resources', [details.resources as string[]].flat()],
            ]),
            // On a line of its own, and never broken: it is there to be copied.
            '',
            given.access_token,
          ],
        }
      }),
    )
}

type Exchange = Awaited<ReturnType<typeof exchangeToken>>

/** @throws {Stop} saying what to do, in the words of this command and not of the protocol */
function givenBy(answer: Exchange): ExchangedToken {
  if (answer.ok) return answer.value
  const { code, detail, status } = answer.problem
  if (status === 0 || status === 503)
    throw new Stop('unreachable', { kind: 'fault', code, message: detail, next: 'try again; nothing is lost' })
  // The sign-in, or the token in its place, was not believed.
  if (code === 'invalid_request')
    throw new Stop('notSignedIn', {
      kind: 'sign-in',
      code,
      message: detail,
      next: 'run `countersign login`, or look at COUNTERSIGN_TOKEN',
    })
  throw new Stop('refused', { kind: 'refusal', code, message: detail, next: nextFor(code, detail) })
}

function nextFor(code: string, detail: string): string {
  if (code === 'invalid_dpop_proof') return 'bind it to a key: `--new-key <file>`, or `--key <file>`'
  if (detail.startsWith('several'))
    return 'name one: see which with `countersign list`, then `countersign token <waiver>`'
  return 'see what you have with `countersign list`; ask with `countersign request`'
}

async function keyOf({ key, newKey }: Options): Promise<string | undefined> {
  if (key !== undefined && newKey !== undefined) throw new UsageError('give --key or --new-key, not both')
  if (newKey !== undefined) {
    const isThere = await access(newKey).then(
      () => true,
      () => false,
    )
    if (isThere) throw new UsageError(`--new-key: ${quoted(newKey)} is there already; use it with --key`)
    return makeKey()
  }
  if (key === undefined) return undefined
  return readFile(key, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--key: ${error instanceof Error ? error.message : String(error)}`)
  })
}

/** Once there is a token for it. Never over a file that is there, and for its owner alone. */
async function keepKey({ newKey }: Options, made: string | undefined): Promise<void> {
  if (newKey === undefined || made === undefined) return
  await writeFile(newKey, `${made}\n`, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    throw new UsageError(`--new-key: ${error instanceof Error ? error.message : String(error)}`)
  })
}
