/**
 * How does access go away? Each grant's role is stripped and dropped in one transaction, which ends every membership
 * through it; no other grant and no membership that others made is touched. Where the role cannot be dropped (it owns
 * something, or somebody holds it locked), everybody is put out of it and what is left is reported as residue.
 */
import { done, notDone, type Outcome, unknown } from '../access.ts'
import { chooseKeeper, declarations, dismiss, fence, findRole, leaveAll, onPrimary, run, strip } from './blocks-sql.ts'
import { blockWith, refusal, type Target } from './connection.ts'
import { usableSql } from './objects-sql.ts'
import type { WireSpec } from './wire.ts'

/** Whoever may grant something to the role can hold it locked in an open transaction: wait little, then go round. */
const lockMillisMax = 1_000

/** Nothing is there: what may be missing is when it went, and now is late enough. */
const wasGone = `
      IF remembers THEN
        UPDATE countersign.grants SET role_oid = NULL, removed_at = coalesce(removed_at, clock_timestamp())
          WHERE grant_id = spec->>'grant' AND (role_oid IS NOT NULL OR removed_at IS NULL);
      END IF;
      result := '{"gone":true}';`

const putEverybodyOut = `
        ${dismiss('NULL::oid')} ${strip} ${leaveAll}
        SELECT string_agg(quote_ident(m.rolname), ', ' ORDER BY m.rolname) INTO inside
          FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
          WHERE a.roleid = held AND ${usableSql('a')};
        result := jsonb_build_object('inside', inside, 'kept', kept);`

const dropOrPutOut = `
      kept := NULL;
      ${chooseKeeper}
      BEGIN
        ${strip}
        ${run(`format('DROP ROLE %I', held_name)`)};
        result := '{"dropped":true}';
      EXCEPTION WHEN dependent_objects_still_exist OR lock_not_available THEN
        kept := SQLERRM;
        ${putEverybodyOut}
      END;`

/** One transaction for several grants; each stands or falls alone. */
const revokeBlock = blockWith(`
DECLARE ${declarations}
  specs jsonb := spec; remembers boolean := to_regclass('countersign.grants') IS NOT NULL;
  inside text; kept text; result jsonb; results jsonb := '[]';
BEGIN
  ${onPrimary}
  IF jsonb_path_exists(specs, '$[*] ? (@.member == null)') AND to_regclass('countersign.privileges_lock') IS NOT NULL THEN
    LOCK TABLE countersign.privileges_lock IN EXCLUSIVE MODE;
  END IF;
  PERFORM set_config('lock_timeout', greatest(${lockMillisMax} / jsonb_array_length(specs), 50)::text, true);
  FOR spec IN SELECT x.value FROM jsonb_array_elements(specs) WITH ORDINALITY x(value, place) ORDER BY x.place LOOP
    BEGIN
      held := NULL; known := NULL;
      IF remembers THEN ${fence} END IF;
      ${findRole}
      IF held IS NULL THEN ${wasGone} ELSE ${dropOrPutOut} END IF;
    EXCEPTION WHEN OTHERS THEN
      result := jsonb_build_object('code', SQLSTATE, 'message', SQLERRM);
    END;
    results := results || result;
  END LOOP;
  PERFORM set_config('countersign.result', results::text, true);
END`)

/** Asked after the removal was committed, so that no session open before it can look younger than it. */
const stamp = (specs: readonly WireSpec[]) => ({
  name: 'countersign_stamp',
  text: `WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
    UPDATE countersign.grants g SET removed_at = clock_timestamp(),
      role_oid = (SELECT p.oid FROM pg_roles p WHERE p.oid = g.role_oid)
    FROM quick, jsonb_to_recordset($1::jsonb) AS x("grant" text, generation bigint)
    WHERE g.grant_id = x.grant AND g.generation = x.generation AND g.removed_at IS NULL`,
  values: [JSON.stringify(specs.map(({ grant, generation }) => ({ grant, generation })))],
})

interface Removal {
  readonly gone?: true
  readonly dropped?: true
  /** Who is still in the role, against our will. */
  readonly inside?: string | null
  readonly kept?: string
  readonly code?: string
  readonly message?: string
}

export async function revokeAll(target: Target, specs: readonly WireSpec[]): Promise<readonly Outcome[]> {
  // One order for all, so that two messages about the same grants queue instead of blocking each other.
  const sorted = specs.map((spec, place) => ({ spec, place })).sort((a, b) => compare(a.spec, b.spec))
  const answer = await target.ask('writes', revokeBlock(sorted.map(({ spec }) => spec)))
  if (answer.outcome !== 'done') return specs.map(() => answer)
  const removals = JSON.parse(String(answer.value[0]?.result)) as readonly Removal[]
  const removed = sorted.filter((_, index) => isRemoved(removals[index])).map(({ spec }) => spec)
  const stamped = removed.length === 0 ? done([]) : await target.ask('writes', stamp(removed))
  const outcomes: Outcome[] = []
  for (const [index, { place }] of sorted.entries()) outcomes[place] = outcomeOf(removals[index] ?? {}, stamped)
  return outcomes
}

function compare(a: WireSpec, b: WireSpec): number {
  return a.grant < b.grant ? -1 : a.grant > b.grant ? 1 : 0
}

function isRemoved(removal: Removal | undefined): boolean {
  return removal?.dropped === true || (removal?.kept !== undefined && !removal.inside)
}

function outcomeOf(removal: Removal, stamped: Outcome<unknown>): Outcome {
  if (removal.code !== undefined) return refusal(removal.code, removal.message ?? '')
  if (removal.inside) return notDone(`${removal.inside} could not be taken out of the role: ${removal.kept}`, true)
  if (removal.gone || stamped.outcome === 'done' || isUnremembered(stamped)) return done(undefined)
  return unknown(`the access was removed, but not when: ${stamped.reason}`)
}

/** Without its memory the connector still removes; it only cannot tell old sessions from new ones. */
function isUnremembered(stamped: Outcome<unknown>): boolean {
  return stamped.outcome === 'not-done' && !stamped.retryable
}
