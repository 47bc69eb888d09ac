/**
 * Notices into a Slack channel by an incoming webhook (docs.slack.dev, "Sending messages using incoming webhooks"). Its
 * address is the secret, so it stands in settings as a reference. The message has a link and no button that acts.
 */
import { z } from 'zod'
import type { SecretReader } from '../access.ts'
import { systemResolver } from '../http/address.ts'
import { post, type World } from '../http/post.ts'
import { reference } from '../http/settings.ts'
import type { HttpOutcome } from '../http/status.ts'
import { readUrl } from '../http/url.ts'
import type { Notice, NoticeConnector } from '../notice.ts'
import { noticeText } from '../notice-text.ts'

/** Unknown keys are refused. */
export const settingsSchema = z.strictObject({
  url: reference,
  timeoutSeconds: z.int().min(1).max(30).default(10),
  /** Types of notices it hears of; absent: all. */
  types: z.array(z.string().min(1).max(100)).min(1).optional(),
  /** True: a relay on this machine or in a private network that speaks the same form. */
  allowPrivate: z.boolean().default(false),
})

export interface SlackConnector extends NoticeConnector {
  readonly types: readonly string[] | undefined
  send(notice: Notice): Promise<HttpOutcome>
}

export const slack = {
  kind: 'slack',
  /** @throws {Error} when the settings do not fit; never with the address. */
  create(
    raw: Readonly<Record<string, unknown>>,
    secrets: SecretReader,
    world: World = { resolve: systemResolver, nowMillis: Date.now },
  ): SlackConnector {
    const parsed = settingsSchema.safeParse(raw)
    if (!parsed.success) throw new Error(`settings of \`slack\` do not fit: ${z.prettifyError(parsed.error)}`)
    const { url, timeoutSeconds, types, allowPrivate } = parsed.data
    const destination = {
      url: readUrl(secrets(url).trim(), allowPrivate, 'slack'),
      timeoutMillis: timeoutSeconds * 1_000,
      allowPrivate,
    }
    return {
      kind: 'slack',
      types,
      send: (notice) =>
        post(destination, { 'content-type': 'application/json' }, Buffer.from(messageOf(notice), 'utf8'), world),
    }
  },
}

function messageOf(notice: Notice): string {
  const { title, facts, url } = noticeText(notice)
  const lines = facts.map(([label, value]) => `${escaped(label)}  ${verbatim(value)}`)
  const link = url === undefined ? [] : [`<${escaped(url)}|Look at it, signed in>`]
  return JSON.stringify({
    text: escaped(title),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: [`*${escaped(title)}*`, ...lines, ...link].join('\n') } },
    ],
    unfurl_links: false,
    unfurl_media: false,
  })
}

/** What Slack asks to be escaped; with it no id becomes a mention, a link or a channel. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** As code: underscores and stars of an id are no emphasis. */
function verbatim(value: string): string {
  return `\`${escaped(value.replaceAll('`', "'"))}\``
}
