/**
 * The conflict scan as a SQL join on PostgreSQL: the same question asked of another engine, for tests and benchmarks that
 * hold their figures against it. Tables have the indexes and the statistics a careful administrator would give them.
 */
import type { Client } from 'pg'
import type { Assignment, SeparationRule } from '../../core/duties.ts'

/** What an entitlement holds is worked out before: the join starts from functions, as the compiled form does. */
export interface JoinInput {
  readonly assignments: Iterable<Assignment>
  readonly functions: readonly { readonly id: string; readonly entitlements: readonly string[] }[]
  readonly rules: readonly SeparationRule[]
}

/** Every way to write the join that was found to be among the fastest on some data; each gives `(holder, rule)`. */
export const joins: Readonly<Record<string, string>> = {
  'distinct functions counted': `
    SELECT a.holder, rf.rule FROM assignment a JOIN function_entitlement fe USING (entitlement)
    JOIN rule_function rf USING (function) JOIN rule r ON r.id = rf.rule
    GROUP BY a.holder, rf.rule, r.conflicts_from HAVING count(DISTINCT fe.function) >= r.conflicts_from`,
  'functions held first': `
    SELECT h.holder, rf.rule
    FROM (SELECT DISTINCT a.holder, fe.function FROM assignment a JOIN function_entitlement fe USING (entitlement)) h
    JOIN rule_function rf USING (function) JOIN rule r ON r.id = rf.rule
    GROUP BY h.holder, rf.rule, r.conflicts_from HAVING count(*) >= r.conflicts_from`,
  'sides joined beforehand': `
    SELECT a.holder, s.rule FROM assignment a JOIN side s USING (entitlement)
    GROUP BY a.holder, s.rule, s.conflicts_from HAVING count(DISTINCT s.function) >= s.conflicts_from`,
  'sides as bits': `
    SELECT holder, rule FROM (
      SELECT a.holder, b.rule, b.conflicts_from, bit_or(b.bits) AS bits FROM assignment a JOIN side_bits b USING (entitlement)
      GROUP BY a.holder, b.rule, b.conflicts_from
    ) held WHERE bit_count(bits::bit(64)) >= conflicts_from`,
}

const tables = `
  CREATE UNLOGGED TABLE assignment (holder int, entitlement int, PRIMARY KEY (holder, entitlement));
  CREATE UNLOGGED TABLE function_entitlement (entitlement int, function int, PRIMARY KEY (entitlement, function));
  CREATE UNLOGGED TABLE rule_function (function int, rule int, PRIMARY KEY (function, rule));
  CREATE UNLOGGED TABLE rule (id int PRIMARY KEY, conflicts_from int NOT NULL)`

const prepared = `
  CREATE INDEX ON assignment (entitlement, holder);
  CREATE INDEX ON function_entitlement (function, entitlement);
  CREATE INDEX ON rule_function (rule, function);
  CREATE UNLOGGED TABLE side AS
    SELECT fe.entitlement, rf.rule, rf.function, r.conflicts_from
    FROM function_entitlement fe JOIN rule_function rf USING (function) JOIN rule r ON r.id = rf.rule;
  CREATE INDEX ON side (entitlement) INCLUDE (rule, function, conflicts_from);
  CREATE UNLOGGED TABLE side_bits AS
    SELECT entitlement, rule, conflicts_from, bit_or(1::bigint << place) AS bits
    FROM (SELECT *, dense_rank() OVER (PARTITION BY rule ORDER BY function)::int AS place FROM side) ranked
    GROUP BY entitlement, rule, conflicts_from;
  CREATE INDEX ON side_bits (entitlement) INCLUDE (rule, conflicts_from, bits)`

export interface JoinTables {
  /** Everything in names again, as `holder rule`, sorted. */
  conflicts(join: string): Promise<string[]>
}

export async function loadJoin(client: Client, { assignments, functions, rules }: JoinInput): Promise<JoinTables> {
  const [holders, entitlements] = [numbering(), numbering()]
  await client.query(tables)
  const functionNumbers = new Map(functions.map(({ id }, number) => [id, number]))
  const held = Array.from(assignments, (each) => [holders.of(each.holder), entitlements.of(each.entitlement)] as const)
  await insert(client, 'assignment', held)
  await insert(
    client,
    'function_entitlement',
    functions.flatMap((each, number) => each.entitlements.map((name) => [entitlements.of(name), number] as const)),
  )
  await insert(
    client,
    'rule_function',
    rules.flatMap((rule, number) => rule.functions.map((id) => [functionNumbers.get(id) ?? -1, number] as const)),
  )
  await insert(
    client,
    'rule',
    rules.map((rule, number) => [number, rule.conflictsFrom] as const),
  )
  await client.query(prepared)
  await client.query('VACUUM ANALYZE')
  return {
    async conflicts(join) {
      const { rows } = await client.query<[number, number]>({ text: join, rowMode: 'array' })
      return rows.map(([holder, rule]) => `${holders.names[holder]} ${rules[rule]?.id}`).sort()
    },
  }
}

const rowsAtOnce = 100_000

async function insert(client: Client, table: string, rows: readonly (readonly [number, number])[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const part = rows.slice(from, from + rowsAtOnce)
    const text = `INSERT INTO ${table} SELECT * FROM unnest($1::int[], $2::int[]) ON CONFLICT DO NOTHING`
    await client.query(text, [part.map(([first]) => first), part.map(([, second]) => second)])
  }
}

function numbering() {
  const numbers = new Map<string, number>()
  const names: string[] = []
  const of = (name: string) => {
    const known = numbers.get(name)
    if (known !== undefined) return known
    numbers.set(name, names.length)
    return names.push(name) - 1
  }
  return { names, of }
}
