/** The story a newcomer sees, played by the command they type: it must say what was refused and why, and end by itself. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { freePort } from './support/free-port.ts'
import { scratchFolder } from './support/scratch-folder.ts'

const told: readonly (readonly [string, RegExp])[] = [
  ['[independence/outside-requesting-path] whoever asked', /who asked\) refused {2}approver-is-requester/],
  [
    '[independence/outside-requesting-path] a team mate, with the path',
    /on-requesting-team {2}\S.* —member of→ .* ←member of— /,
  ],
  ['[independence/outside-granting-path] the granting side, with the path', /on-granting-team {2}\S.* —/],
  [
    '[on-call/never-both-sides] the colleague on call, with the path',
    /on-requesting-rota {2}\S.* —on rota→ .* ←on rota— /,
  ],
  ['[agent/owner-counts] the owner of a workload, with the path', /controls-beneficiary {2}\S.* —owns→ /],
  ['[extension/new-approval] whoever gave the time before', /refused {2}approver-decided-before/],
  ['[revocation/verified] a session that had done SET ROLE', /the session that had done SET ROLE was ended/],
  ['[revocation/verified] what the subject sees afterwards', /signed in again as \S+: permission denied/],
  [
    '[terms/digest] what the countersignature was signed with',
    /signed by passkey psk_\w+, once, over these very terms/,
  ],
  ['a bundle whose signatures were verified', /✔ signatures +\d acts are signed, each by a passkey that was confirmed/],
  ['a bundle that is proven', /proven: all \d+ acts are in the log/],
  ['[terms/digest] two letters changed in it', /Two letters of the review changed refused {2}leaf \d+ does not hold/],
  ['how to check it', /\.\/countersign verify \S+waiver\.bundle\.json --key localhost:\d+\/log\+/],
  ['every record computed again', /all \d+ records, \d+ refused attempts among them, follow from the facts/],
]

test('the whole story is played and ends by itself, and every refusal shows its path', async () => {
  const { folder, dispose } = scratchFolder('demo')
  const port = await freePort()
  const demo = spawn(
    process.execPath,
    ['src/main.ts', 'demo', '--exit', '--folder', `${folder}/demo`, '--port', String(port)],
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
