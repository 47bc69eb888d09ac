/** Who stood behind the use of which duty: what a chain over several waivers adds up to. */
import { type Transaction as KyselyTransaction, sql } from 'kysely'
import { clock, type Database } from './database.ts'

type Tx = KyselyTransaction<Database>

export async function exercised(tx: Tx, persons: readonly string[], except: string, since: string) {
  const { rows } = await sql<{ person: string; duty: string; exception: string | null }>`
    select e.person, e.duty, w.state -> 'terms' -> 'exception' ->> 'rule' as exception
    from exercised e join waivers w on w.id = e.waiver
    where e.person = any(${[...persons]}) and e.waiver <> ${except} and (w.open or e.at > ${since}::timestamptz)`.execute(
    tx,
  )
  return rows.map(({ person, duty, exception }) => ({ person, duty, ...(exception === null ? {} : { exception }) }))
}

export async function exercise(
  tx: Tx,
  persons: readonly string[],
  duties: readonly string[],
  waiver: string,
): Promise<void> {
  await sql`
    insert into exercised (person, duty, waiver, at)
    select person, duty, ${waiver}, ${clock} from unnest(${[...persons]}::text[]) person, unnest(${[...duties]}::text[]) duty
    on conflict (person, duty, waiver) do update set at = excluded.at`.execute(tx)
}
