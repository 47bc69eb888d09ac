/** What an empty list teaches. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Inbox } from '../../src/client/index.ts'
import { meQuery } from '../app/queries.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import style from './rows.module.css'

export function NothingWaits({ inbox }: { readonly inbox: Inbox }) {
  const { data: me } = useQuery(meQuery)
  const { pool } = useCatalogue()
  const pools = me?.pools ?? []
  return (
    <div className={style.empty}>
      <p>
        <strong>Nothing waits for you.</strong>{' '}
        {pools.length === 0
          ? 'You are in no pool that decides. What you ask for, and questions about it, appear here.'
          : `You decide for ${pools.map(pool).join(', ')}. Whatever needs somebody outside its own path, and you stand outside, appears here by itself.`}
      </p>
      {inbox.notMine.length > 0 && <p>What is below waits for others, because you stand too near to it.</p>}
    </div>
  )
}

export function NothingAsked() {
  return (
    <div className={style.empty}>
      <p>
        <strong>You have nothing open.</strong> When you need access for a time, for yourself or for a workload you own,
        ask for it. Somebody who stands outside decides, and it ends by itself.
      </p>
      <p>
        <Link to="/ask">Ask for access</Link>
      </p>
    </div>
  )
}
