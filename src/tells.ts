/**
 * Whom an installation tells of what happened: notices to people, and the record to sinks. Puts the connectors the operator
 * configured behind the engine's loops; it holds no rule.
 */
import type { Logger } from 'pino'
import { type Config, readSecret } from './config.ts'
import { callbackTo } from './connectors/callback/connector.ts'
import { email } from './connectors/notice-email/connector.ts'
import { slack } from './connectors/notice-slack/connector.ts'
import { webhook } from './connectors/notice-webhook/connector.ts'
import type { RecordSink } from './connectors/sink.ts'
import { fileSink } from './connectors/sink-file/connector.ts'
import { httpSink } from './connectors/sink-http/connector.ts'
import type { Telling } from './engine/access-requests/callbacks.ts'
import type { Loop } from './engine/loops.ts'
import { addressBook } from './engine/notify/address-book.ts'
import { type Notices, startNotices } from './engine/notify.ts'
import { sendOnLoops } from './engine/send-on.ts'
import { ocsfEvent, subjectOf } from './evidence/index.ts'
import { packageVersion } from './lib/package-version.ts'
import type { Store } from './store/contract.ts'
import { openJobs } from './store/jobs.ts'

export function noticesOf(
  config: Config,
  store: Store,
  url: string,
  log: Logger,
): { notices: Notices; stop(): Promise<void> } {
  const addressesOf = addressBook(store)
  const endpoints = config.notices.map(({ id, kind, settings }) => {
    const connector = noticeConnector(kind, settings, addressesOf)
    return { id, connector, types: connector.types }
  })
  const jobs = openJobs({ url, log })
  return {
    notices: startNotices({ store, jobs, endpoints, publicUrl: config.publicUrl, log }),
    stop: () => jobs.stop(),
  }
}

function noticeConnector(
  kind: Config['notices'][number]['kind'],
  settings: Readonly<Record<string, unknown>>,
  addressesOf: ReturnType<typeof addressBook>,
) {
  switch (kind) {
    case 'webhook':
      return webhook.create(settings, readSecret)
    case 'email':
      return email.create(settings, readSecret, addressesOf)
    case 'slack':
      return slack.create(settings, readSecret)
    default:
      return kind satisfies never
  }
}

/** Whom those who ask by the profile of decision points may have told. Compared byte by byte with what they wrote. */
export function callbacksOf({ accessRequests }: Pick<Config, 'accessRequests'>): Telling {
  const connectors = accessRequests.callbacks.map((config) => callbackTo(config, readSecret))
  const listed = (requester: string, endpoint: string) =>
    connectors.find((one) => one.endpoint === endpoint && one.for.includes(requester))
  return {
    mayTell: (requester, endpoint) => listed(requester, endpoint) !== undefined,
    tell: (requester, endpoint, id, body) => listed(requester, endpoint)?.tell(id, body),
  }
}

/** Every recorded event to every sink, as OCSF. */
export function sinkLoops({ sinks, publicUrl, base }: Config, store: Store, log: Logger): readonly Loop[] {
  const named = sinks.map(({ id, kind, settings }) => ({ id, sink: recordSink(kind, settings, base) }))
  return sendOnLoops({ store, log }, named, ({ position, body, ...event }, waiver) =>
    ocsfEvent(
      {
        ...event,
        ...(position === undefined ? {} : { position: Number(position) }),
        ...(body === undefined ? {} : { body: body as Readonly<Record<string, unknown>> }),
      },
      {
        installation: publicUrl,
        version: packageVersion,
        ...(waiver === undefined ? {} : { subject: subjectOf(waiver) }),
      },
    ),
  )
}

function recordSink(
  kind: Config['sinks'][number]['kind'],
  settings: Readonly<Record<string, unknown>>,
  base: string,
): RecordSink {
  switch (kind) {
    case 'file':
      return fileSink.create(settings, base)
    case 'http':
      return httpSink.create(settings, readSecret)
    default:
      return kind satisfies never
  }
}
