/** The story of an agent, played by the command people type: every step that must fail is refused for its own reason. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { freePort } from './support/free-port.ts'
import { scratchFolder } from './support/scratch-folder.ts'

const told: readonly (readonly [string, RegExp])[] = [
  [
    '[agent/runtime-check] a denial that carries an offer',
    /The agent refused {2}no-waiver[\s\S]*offer, bound to exactly this call/,
  ],
  ['[B09] another amount than the one that was denied', /another amount refused {2}invalid_denial_binding/],
  ['[B10] an offer taken up twice', /second time refused {2}invalid_denial_binding/],
  ['[B22] an agent that decides', /countersigning its own request refused {2}only-people-decide/],
  ['[B22] a tool that decides', /calling a tool named countersign refused {2}there is none/],
  ['[agent/owner-counts] its owner, with the path', /approver-is-requester\n.* —member of→ .* —owns→ /],
  ['[agent/owner-counts] whoever can change it, with the path', /approver-not-independent\n +on-requesting-team {2}\S/],
  [
    '[terms/bound] what the approver sees',
    /\/amount_cents = 127500[\s\S]*no other arguments; at most 2 uses[\s\S]*countersigns: this call/,
  ],
  [
    '[agent/owner-counts] and who stands behind it',
    /Settlement owns it[\s\S]*highest of the chain: high[\s\S]*quoted {2}“/,
  ],
  ['an approval is no access yet', /before the access is there refused {2}grant_pending/],
  ['[B09] the approval for another call', /"amount_cents":900000} refused {2}out_of_scope/],
  ['[nhi/least-and-short] a token only for whoever shows a key', /Without showing a key refused {2}invalid_dpop_proof/],
  ['what was approved is done', /booked: 127500 cents/],
  ['[agent/runtime-check] an argument outside the terms', /refused {2}argument-not-covered/],
  ['a stolen token', /The token alone refused {2}key-not-shown[\s\S]*key of the thief refused {2}proof-invalid/],
  ['[B13] at another system', /another system refused {2}audience-wrong/],
  ['[B10] a use sent again', /sent again refused {2}proof-replayed/],
  ['a budget that ran out', /A third use refused {2}(?:budget-spent|budget-taken|no-waiver)/],
  ['[revocation/verified] and the access with it', /the waiver is over \(spent\): role revoked, target read back/],
  ['the kill switch', /no process said yes any more after \d+ ms[\s\S]*The very next use.*refused {2}no-waiver/],
  ['[revocation/verified] what is left after it', /over \(killed\)[\s\S]*reconciliation_agent: permission denied/],
]

test('the agent’s story is played and ends by itself', async () => {
  const { folder, dispose } = scratchFolder('demo-agent')
  const port = await freePort()
  const demo = spawn(
    process.execPath,
    ['src/main.ts', 'demo', '--agent', '--exit', '--folder', `${folder}/demo`, '--port', String(port)],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
  )
  const ended = once(demo, 'exit')
  const [out, err] = await Promise.all([text(demo.stdout), text(demo.stderr)])
  expect(err).toBe('')
  for (const [what, pattern] of told) expect(out, what).toMatch(pattern)
  await ended
  expect(demo.exitCode).toBe(0)
  await dispose()
}, 240_000)
