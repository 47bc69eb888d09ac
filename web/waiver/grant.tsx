/** What is true on the target, as far as it was seen: the access, live sessions, what was left behind, and its removal. */
import type { WaiverDetail } from '../../src/client/index.ts'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Left } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import { lengthWords } from '../time/words.ts'
import { Card, Fact, Facts } from './card.tsx'
import style from './difference.module.css'

export function Grant({ detail }: { readonly detail: WaiverDetail }) {
  const { grant, nature, waiver } = detail
  if (grant === undefined) return null
  const { observed } = grant
  const open = waiver.removal.state === 'open'
  return (
    <Card title="On the target" {...(open && { tone: 'bad' as const })}>
      <Facts>
        <Fact name="Should be">
          {grant.wanted === 'present' ? 'there' : 'gone'}
          {!grant.settled && <span className="soft">; not yet seen to be so</span>}
          {grant.wanted === 'present' && waiver.activation !== undefined && (
            <>
              , until <Moment at={waiver.activation.end} /> (<Left until={waiver.activation.end} over="over" />)
            </>
          )}
        </Fact>
        <Fact name="Was seen">
          {observed === undefined || grant.observedAt === undefined ? (
            'not looked at yet'
          ) : (
            <>
              <Sign is={observed.present ? 'live' : 'good'}>
                {observed.present ? 'The access is there' : 'The access is gone'}
              </Sign>{' '}
              <Moment at={grant.observedAt} />
              {observed.differs.map((difference) => (
                <p key={difference}>
                  <Sign is="bad">differs</Sign> <Inert text={difference} />
                </p>
              ))}
            </>
          )}
          {grant.lastError !== undefined && (
            <p>
              <Sign is="bad">last attempt</Sign> <Inert text={grant.lastError} />
            </p>
          )}
        </Fact>
        <Fact name="Live sessions">
          {(observed?.sessions ?? []).length === 0 ? (
            'none'
          ) : (
            <ul>
              {observed?.sessions.map(({ session, account, since, detail: words }) => (
                <li key={session}>
                  <code>
                    <Inert text={account} />
                  </code>{' '}
                  since <Moment at={since} /> <Inert text={words} />
                </li>
              ))}
            </ul>
          )}
        </Fact>
        {waiver.removal.state !== 'not-needed' && (
          <Fact name="Removal">
            <Removal removal={waiver.removal} />
          </Fact>
        )}
        {nature !== undefined && (
          <Fact name="What it can see">
            <p className={style.nature}>
              {nature.probe}. A session that is open keeps its rights after a plain revoke
              {nature.sessionOutlivesRevokeSeconds === null
                ? ' until it is ended'
                : ` for up to ${lengthWords(nature.sessionOutlivesRevokeSeconds)}`}
              , so sessions are ended, within {lengthWords(nature.endSessionsSecondsMax)}.
            </p>
            {nature.residueNotSeen.length > 0 && (
              <p className="soft fine">Cannot see: {nature.residueNotSeen.join('; ')}.</p>
            )}
          </Fact>
        )}
      </Facts>
    </Card>
  )
}

function Removal({
  removal,
}: {
  readonly removal: Exclude<WaiverDetail['waiver']['removal'], { state: 'not-needed' }>
}) {
  if (removal.state === 'open')
    return (
      <>
        <Sign is="bad">Not yet seen to be gone</Sign> since <Moment at={removal.since} />
        {removal.failures > 0 && <p>Failed {removal.failures} times; it is tried again until it is gone.</p>}
        {removal.lastFailure !== undefined && (
          <p>
            <Inert text={removal.lastFailure} />
          </p>
        )}
      </>
    )
  return (
    <>
      <Sign is="good">Read back, and gone</Sign> <Moment at={removal.at} />
      {removal.residue.length > 0 && (
        <ul className={style.contains}>
          {removal.residue.map((name) => (
            <li key={name}>
              <Sign is="bad">left behind</Sign> <Inert text={name} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
