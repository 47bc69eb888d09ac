// Where may a test put servers and files, so that nothing is left behind however the run ends?
// A small shell waits beside each folder: when the folder is disposed of, or the process that made it dies in whatever way
// (Ctrl-C, kill -9), it ends the PostgreSQL servers that live in the folder and removes it. It never touches anything else.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync } from 'node:fs'
import { Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'

export interface ScratchFolder {
  folder: string
  dispose(): Promise<void>
}

// The number in a postmaster.pid may by now be another process's, so the process has to be called postgres
// (a zombie has no command line any more, and counts as gone).
// SIGQUIT ends a server at once, without writing anything; only then can the folder go.
const guard = `
cat >/dev/null
name_of() {
  if [ -r "/proc/$1/cmdline" ]; then tr '\\0' ' ' < "/proc/$1/cmdline" 2>/dev/null; else ps -o comm= -p "$1" 2>/dev/null; fi
}
find "$1" -name postmaster.pid 2>/dev/null | while IFS= read -r file; do
  pid=$(sed -n 1p "$file")
  socket=$(sed -n 5p "$file")
  case "$(name_of "$pid")" in *postgres*) kill -QUIT "$pid" ;; *) continue ;; esac
  tries=0
  while [ -n "$(name_of "$pid")" ] && [ "$tries" -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
  case "$socket" in */countersign-??????) rm -rf -- "$socket" ;; esac
done
rm -rf -- "$1"
`

/** A folder with mode 0700 of its own below the system's temporary folder. */
export function scratchFolder(purpose: string): ScratchFolder {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), `countersign-test-${purpose}-`)))
  // A session of its own, so that Ctrl-C in the terminal does not end the guard before its work.
  const child = spawn('/bin/sh', ['-c', guard, 'sh', folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  return {
    folder,
    dispose: async () => {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.ref()
      child.stdin.end()
      await exited
    },
  }
}
