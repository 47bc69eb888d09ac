/** A notice as a letter: plain text, no pictures, no tracking, and one link that opens a page behind the sign-in. */
import { createHash } from 'node:crypto'
import type { Notice } from '../notice.ts'
import { noticeText } from '../notice-text.ts'

export interface Letter {
  readonly subject: string
  readonly text: string
  readonly messageId: string
  readonly headers: Readonly<Record<string, string>>
  readonly priority: 'high' | 'normal'
}

/** The same notice gives the same letter with the same id, so that mail systems fold repeats. */
export function letterOf(notice: Notice, from: string): Letter {
  const { title, facts, url } = noticeText(notice)
  const width = Math.max(...facts.map(([label]) => label.length))
  const lines = facts.map(([label, value]) => `${label.padEnd(width)}  ${value}`)
  const link = url === undefined ? [] : ['', 'Look at it here, signed in:', url]
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return {
    subject: `[Countersign] ${title}`,
    text: [
      title,
      '',
      ...lines,
      ...link,
      '',
      'Nothing can be decided by answering this letter or by following its link.',
      '',
    ].join('\n'),
    messageId: `<${createHash('sha256').update(notice.id).digest('hex').slice(0, 32)}@${domain}>`,
    // RFC 3834: nobody's out-of-office answers this.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Countersign-Notice': notice.id },
    priority: notice.urgency === 'immediate' ? 'high' : 'normal',
  }
}
