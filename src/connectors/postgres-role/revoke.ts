/**
 * How does the access go away? The grant's role is stripped and dropped in one transaction, which ends every membership
 * through it; no other grant and no membership that others made is touched. Where the role cannot be dropped (it owns
 * something, or somebody holds it locked), everybody is put out of it and what is left is reported as residue.
 */
import { done, type GrantSpec, notDone, type Outcome, unknown } from '../access.ts'
import { declarations, dismiss, fence, findRole, leaveAll, onPrimary, strip } from './blocks-sql.ts'
import { blockWith, type Target } from './connection.ts'
import { usableSql } from './objects-sql.ts'
import { removalSpec, type WireSpec } from './wire.ts'

/** Whoever may grant something to the role can hold it locked in an open transaction: wait little, then go round. */
const lockMillis = 1_000

const forget = `UPDATE countersign.grants SET role_oid = NULL WHERE grant_id = spec->>'grant' AND role_oid IS NOT NULL;`

/** Nothing is there: what may be missing is when it went, and now is late enough. */
const wasGone = `
  IF remembers THEN
    UPDATE countersign.grants SET role_oid = NULL, removed_at = coalesce(removed_at, clock_timestamp())
      WHERE grant_id = spec->>'grant' AND (role_oid IS NOT NULL OR removed_at IS NULL);
  END IF;
  PERFORM set_config('countersign.result', '{"gone":true}', true);`

const putEverybodyOut = `
  ${dismiss('NULL::oid')} ${strip} ${leaveAll}
  SELECT string_agg(quote_ident(m.rolname), ', ' ORDER BY m.rolname) INTO inside
    FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
    WHERE a.roleid = held AND m.rolname <> session_user AND ${usableSql('a')};
  PERFORM set_config('countersign.result', jsonb_build_object('inside', inside, 'kept', kept)::text, true);`

const revokeBlock = blockWith(`
DECLARE ${declarations}
  remembers boolean := to_regclass('countersign.grants') IS NOT NULL; inside text; kept text;
BEGIN
  ${onPrimary}
  IF (spec->>'member') IS NULL AND to_regclass('countersign.privileges_lock') IS NOT NULL THEN
    LOCK TABLE countersign.privileges_lock IN EXCLUSIVE MODE;
  END IF;
  IF remembers THEN ${fence('')} END IF;
  ${findRole}
  IF held IS NULL THEN ${wasGone} RETURN; END IF;
  PERFORM set_config('lock_timeout', '${lockMillis}', true);
  BEGIN
    ${strip}
    EXECUTE format('DROP ROLE %I', held_name);
    IF remembers THEN ${forget} END IF;
    PERFORM set_config('countersign.result', '{"dropped":true}', true);
  EXCEPTION WHEN dependent_objects_still_exist OR lock_not_available THEN
    kept := SQLERRM;
    ${putEverybodyOut}
  END;
END`)

/** Asked after the removal was committed, so that no session open before it can look younger than it. */
const stamp = (spec: WireSpec) => ({
  name: 'countersign_stamp',
  text: `WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
    UPDATE countersign.grants SET removed_at = clock_timestamp() FROM quick
    WHERE grant_id = $1 AND generation = $2 AND removed_at IS NULL`,
  values: [spec.grant, spec.generation],
})

interface Removal {
  readonly gone?: true
  readonly dropped?: true
  /** Who is still in the role, against our will. */
  readonly inside?: string | null
  readonly kept?: string
}

export async function revoke(target: Target, spec: GrantSpec): Promise<Outcome> {
  const wire = removalSpec(spec)
  const answer = await target.ask('writes', revokeBlock(wire))
  if (answer.outcome !== 'done') return answer
  const removal = JSON.parse(String(answer.value[0]?.result)) as Removal
  if (removal.gone) return done(undefined)
  if (removal.inside) return notDone(`${removal.inside} could not be taken out of the role: ${removal.kept}`, true)
  const stamped = await target.ask('writes', stamp(wire))
  if (stamped.outcome === 'done' || isUnremembered(stamped)) return done(undefined)
  return unknown(`the access was removed, but not when: ${stamped.reason}`)
}

/** Without its memory the connector still removes; it only cannot tell old sessions from new ones. */
function isUnremembered(stamped: Outcome<unknown>): boolean {
  return stamped.outcome === 'not-done' && !stamped.retryable
}
