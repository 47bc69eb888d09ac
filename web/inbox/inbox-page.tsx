/** What waits for me, why me, and how long it may wait. One at a time: there is no way to approve several at once. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Inbox, InboxItem } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { PasskeyNotes, usePasskeyNotes } from '../passkeys/inbox-note.tsx'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { AskedRow, NotMineRow, ToMeRow } from './decision-row.tsx'
import { NothingAsked, NothingWaits } from './empty.tsx'
import style from './inbox-page.module.css'
import { inboxQuery, reviewsQuery } from './queries.ts'
import { ReviewRow } from './review-row.tsx'
import { useRowKeys } from './row-keys.ts'
import { Rows, Waiting } from './rows.tsx'

export function InboxPage() {
  const inbox = useQuery(inboxQuery)
  const reviews = useQuery(reviewsQuery)
  const notes = usePasskeyNotes()
  const list = useRowKeys()
  // Names come with the rules; without them the words would change under the reader's eyes.
  const { rules } = useCatalogue()
  const due = reviews.data?.reviews.filter(({ mayReview }) => mayReview) ?? []
  if (inbox.data === undefined && inbox.error !== null)
    return <Problem error={inbox.error} again={() => void inbox.refetch()} />
  // So would rows that come above others a moment later.
  const complete = rules !== undefined && notes !== undefined && !reviews.isLoading
  const data = complete ? inbox.data : undefined
  return (
    <div ref={list} className={style.page}>
      <Title name="Inbox" says={data === undefined ? ' ' : summary(data, due.length)} />
      {data === undefined || notes === undefined ? (
        <Waiting />
      ) : (
        <>
          <PasskeyNotes notes={notes} />
          <Rows title="Waits for you" count={data.toMe.length} empty={<NothingWaits inbox={data} />}>
            {data.toMe.map((item) => (
              <ToMeRow key={keyOf(item)} item={item} names={data.names} />
            ))}
          </Rows>
          {due.length > 0 && (
            <Rows title="To look back at" count={due.length}>
              {due.map((review) => (
                <ReviewRow key={review.waiver} review={review} names={reviews.data?.names ?? {}} />
              ))}
            </Rows>
          )}
          {data.notMine.length > 0 && (
            <Rows
              title="With your pools, not for you"
              count={data.notMine.length + data.moreNotMine}
              says={`You would be asked, if you stood outside. Others are.${
                data.moreNotMine > 0 ? ` The ${data.notMine.length} that can wait least are shown.` : ''
              }`}
            >
              {data.notMine.map((item) => (
                <NotMineRow key={keyOf(item)} item={item} names={data.names} />
              ))}
            </Rows>
          )}
          {data.moreWaiting > 0 && (
            <p className="soft">
              {data.moreWaiting} more wait for your pools. They can wait longer than those above, and come up by
              themselves as these are decided.
            </p>
          )}
          <Rows title="Asked for by you" count={data.asked.length} empty={<NothingAsked />}>
            {data.asked.map((item) => (
              <AskedRow key={keyOf(item)} item={item} names={data.names} />
            ))}
          </Rows>
          {data.moreAsked > 0 && (
            <p className="soft">
              {data.moreAsked} more that you asked for are open; they are under <Link to="/waivers">all waivers</Link>.
            </p>
          )}
        </>
      )}
    </div>
  )
}

function keyOf({ waiver, of }: InboxItem): string {
  return `${waiver} ${of ?? 'life'}`
}

function summary({ toMe }: Inbox, reviewsDue: number): string {
  if (toMe.length === 0 && reviewsDue === 0) return 'Nothing waits for you.'
  const words = [
    toMe.length > 0 ? `${toMe.length} ${toMe.length === 1 ? 'waits' : 'wait'} for you` : '',
    reviewsDue > 0 ? `${reviewsDue} to look back at` : '',
  ]
  return `${words.filter((word) => word !== '').join(', ')}.`
}
