/**
 * Notices by e-mail over SMTP. Encrypted except to this machine; a server that offers no encryption gets nothing. What the
 * server said last decides which of the three outcomes it was: a connection lost after the letter was handed over is
 * unknown, and is sent again under the same message id.
 */
import { createTransport } from 'nodemailer'
import { done, notDone, type Outcome, type SecretReader, unknown } from '../access.ts'
import type { Notice, NoticeConnector } from '../notice.ts'
import { letterOf } from './letter.ts'
import { readSettings, type Settings } from './settings.ts'

export interface EmailConnector extends NoticeConnector {
  /** The types of notices it is meant for; undefined: all. */
  readonly types: readonly string[] | undefined
}

/** Addresses of the people, pools and rotas a notice names, as the directory knows them. */
export type AddressBook = (addressed: {
  readonly to: readonly string[]
  readonly system?: string
}) => Promise<readonly string[]>

export const email = {
  kind: 'email',
  /** @throws {Error} when the settings do not fit. */
  create(raw: Readonly<Record<string, unknown>>, secrets: SecretReader, addressesOf: AddressBook): EmailConnector {
    const settings = readSettings(raw, secrets)
    return {
      kind: 'email',
      types: settings.types,
      async send(notice) {
        const people = settings.people ? await addressesOf(addressed(notice)) : []
        const to = [...new Set([...settings.to, ...people])]
        // Nobody has an address: that is settled, and asking again would not change it.
        return to.length === 0 ? done(undefined) : post(settings, notice, to)
      },
    }
  },
}

function addressed({ data: { to, system } }: Notice): Parameters<AddressBook>[0] {
  const ids = Array.isArray(to) ? to.filter((id) => typeof id === 'string') : []
  return { to: ids, ...(typeof system === 'string' ? { system } : {}) }
}

async function post(settings: Settings, notice: Notice, to: readonly string[]): Promise<Outcome> {
  const { host, port, from, auth, timeoutMillis, ca, isLoopback } = settings
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    requireTLS: !isLoopback,
    ignoreTLS: isLoopback && ca === undefined,
    ...(auth === undefined ? {} : { auth }),
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: timeoutMillis,
    greetingTimeout: timeoutMillis,
    socketTimeout: timeoutMillis,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    // Recipients do not see each other.
    await transport.sendMail({ ...letterOf(notice, from), from, envelope: { from, to: [...to] }, to: from })
    return done(undefined)
  } catch (error) {
    return failure(error as SmtpError)
  } finally {
    transport.close()
  }
}

interface SmtpError extends Error {
  readonly code?: string
  /** The command the server was at. */
  readonly command?: string
  readonly responseCode?: number
  /** `connect` while there was no connection yet. */
  readonly syscall?: string
}

/** Before the letter could be handed over. */
const early: ReadonlySet<string> = new Set(['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EENVELOPE'])

/** 4xx means later, 5xx means never (RFC 5321, 4.2.1); a connection that is lost somewhere says nothing of the letter. */
function failure({ code = 'failed', command = '', responseCode, syscall }: SmtpError): Outcome {
  if (responseCode !== undefined)
    return notDone(
      `the mail server answered ${responseCode}${command === '' ? '' : ` to ${command}`}`,
      responseCode < 500,
    )
  const reason = `the connection to the mail server failed (${code})`
  return syscall === 'connect' || early.has(code) ? notDone(reason, true) : unknown(reason)
}
