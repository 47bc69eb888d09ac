/**
 * Does it hold at night, on a Monday, over midnight? `node scripts/at-another-hour.ts 2026-11-30T08:59Z -- npx vitest run test/browser`
 * runs a command whose clock, and that of every process it starts, begins at that instant and goes on from there. Rotas of
 * the sample organisation change hands at certain hours; what reads the real clock is run at all of them. For tests only;
 * it needs libfaketime (Debian: `apt install faketime`) and Linux.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { constants } from 'node:os'

const usage = 'usage: node scripts/at-another-hour.ts 2026-11-30T08:59Z -- <command> …'

function libraryPath(): string {
  const places = ['/usr/lib', ...readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`), '/usr/local/lib']
  const found = places.map((place) => `${place}/faketime/libfaketimeMT.so.1`).find((path) => existsSync(path))
  if (found === undefined) throw new Error('libfaketime is not installed: on Debian, `apt install faketime`')
  return found
}

/** An offset, not an instant: every process agrees with every other, whenever it is started. */
function clockFrom(instant: string): NodeJS.ProcessEnv {
  const seconds = Math.round((Date.parse(instant) - Date.now()) / 1_000)
  if (!Number.isFinite(seconds)) throw new Error(`\`${instant}\` is no instant\n${usage}`)
  return {
    LD_PRELOAD: libraryPath(),
    FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}s`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${new URL('children-at-another-hour.ts', import.meta.url)}`,
  }
}

const [instant, dashes, program, ...words] = process.argv.slice(2)
if (instant === undefined || dashes !== '--' || program === undefined) throw new Error(usage)
const child = spawn(program, words, { stdio: 'inherit', env: { ...process.env, ...clockFrom(instant) } })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.on('exit', (exitCode, signal) => {
  process.exitCode = exitCode ?? 128 + constants.signals[signal ?? 'SIGTERM']
})
