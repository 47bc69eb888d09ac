/** A look back that is due. */
import type { Reviews } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name, type Names } from '../people/name.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Left } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import style from './rows.module.css'
import { Row } from './rows.tsx'

export function ReviewRow({ review, names }: { readonly review: Reviews['reviews'][number]; readonly names: Names }) {
  const { system } = useCatalogue()
  const { waiver, beneficiary, dueAt, overdue, endedAt, removal, residue } = review
  const time = (
    <>
      <strong>
        <Left until={dueAt} over="overdue" />
      </strong>
      <span className="soft fine">
        by <Moment at={dueAt} />
      </span>
    </>
  )
  const what = (
    <>
      <Name id={beneficiary} names={names} /> had access to <Inert text={system(review.system)} />; it ended{' '}
      <Moment at={endedAt} />
    </>
  )
  return (
    <Row waiver={waiver} time={time} tone={overdue ? 'late' : 'plain'} what={what} act="Look back">
      <div className={style.facts}>
        <Sign is={removal === 'open' ? 'bad' : 'good'}>
          {removal === 'open'
            ? 'Removal not yet seen'
            : removal === 'verified'
              ? 'Removal verified'
              : 'Nothing was given'}
        </Sign>
        {residue.length > 0 && <Sign is="bad">{residue.length} left behind</Sign>}
      </div>
    </Row>
  )
}
