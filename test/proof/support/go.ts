/** The Go team's sumdb packages as another reader of the log. Where they are not installed, whoever asks skips and says so. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const compiler = ['/usr/bin/go', '/usr/local/go/bin/go'].find(existsSync)
const packages = ['/usr/share/gocode'].find((path) => existsSync(join(path, 'src/golang.org/x/mod/sumdb/tlog')))

export const goIsThere = compiler !== undefined && packages !== undefined

if (!goIsThere) {
  console.warn(
    'skipped: the log is not checked against the Go implementation; ' +
      'install it with `apt-get install golang-go golang-golang-x-mod-dev`',
  )
}

/** What `reader.go` makes of the log that is served below this address. */
export async function readByGo(address: string, ...args: readonly string[]): Promise<unknown> {
  const files = ['reader.go', 'shared.go'].map((file) => join('src/log/interop', file))
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: packages, GOFLAGS: '' }
  const options = { env, maxBuffer: 2 ** 28 }
  const { stdout } = await promisify(execFile)(compiler as string, ['run', ...files, address, ...args], options)
  return JSON.parse(stdout)
}
