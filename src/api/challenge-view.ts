/** What is to be signed, as whoever signs sees it: everything that is hashed, beside its hashes. */
import type { Passkey } from '../core/passkeys.ts'
import { normalizeTerms, type Terms } from '../core/terms.ts'
import type { Waiver } from '../core/waiver.ts'
import type { Opened } from '../engine/challenges.ts'
import { passkeysOf } from '../engine/passkeys/locked.ts'
import { termsDigest } from '../proof/index.ts'
import type { Parts } from './parts.ts'
import { requestOptions, shownPasskey } from './passkey-view.ts'
import type { ChallengeView } from './schema/challenge.ts'
import { namesIn, type Sight } from './sight.ts'

export interface Progress {
  readonly state: ChallengeView['state']
  readonly outcome?: ChallengeView['outcome']
}

export async function shownChallenge(
  parts: Parts,
  sight: Sight | undefined,
  { id, expiresAt, content, nonce, challenge, passkeys }: Omit<Opened, 'outcome'>,
  progress: Progress = { state: 'waiting' },
): Promise<ChallengeView> {
  const { statement, context, command } = content
  const about = content.for === 'decision' ? await termsOf(parts, content) : await passkeyOf(parts, content)
  return {
    id,
    ...progress,
    expiresAt,
    statement,
    context,
    command: command as Record<string, unknown>,
    ...about,
    url: `${parts.options.publicUrl}/sign/${id}`,
    nonce,
    publicKey: requestOptions(parts.machinery.passkeys, challenge, passkeys),
    names: sight === undefined ? {} : namesIn(sight.index, statement, context, about),
  }
}

/** Terms are shown only where they are the ones whose digest is signed. */
async function termsOf(
  { machinery }: Parts,
  { waiver: id, command, statement }: Extract<Opened['content'], { for: 'decision' }>,
): Promise<Partial<Pick<ChallengeView, 'terms' | 'asked'>>> {
  const waiver = await machinery.store.waivers.find(id)
  const asked = [waiver?.proposal?.terms, waiver?.terms].find((terms) => isOf(terms, statement.shown))
  const narrowed = command.type === 'countersign' && command.narrowed ? normalizeTerms(command.narrowed) : undefined
  const terms = [narrowed, asked].find((one) => isOf(one, statement.signed))
  const differ = statement.shown !== statement.signed
  return { ...(terms === undefined ? {} : { terms }), ...(asked === undefined || !differ ? {} : { asked }) }
}

function isOf(terms: Terms | Waiver['terms'] | undefined, digest: string): terms is Terms {
  return terms !== undefined && termsDigest(terms) === digest
}

async function passkeyOf(
  { machinery }: Parts,
  { person, statement }: Extract<Opened['content'], { for: 'confirmation' }>,
): Promise<Partial<Pick<ChallengeView, 'passkey'>>> {
  const state = await passkeysOf(machinery, person)
  const passkey: Passkey | undefined = state?.passkeys.find(({ digest }) => digest === statement.shown)
  const { now } = await machinery.store.recentHeads()
  return passkey === undefined ? {} : { passkey: shownPasskey(person, passkey, now) }
}
