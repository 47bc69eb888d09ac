/**
 * A real OpenLDAP server for tests, on a loopback port, with its data in a scratch folder that goes away with the process.
 * Where `slapd` is not installed, whoever needs it says loudly that it was skipped.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { scratchFolder } from './scratch-folder.ts'

const run = promisify(execFile)
const binary = ['/usr/sbin/slapd', '/usr/lib/openldap/slapd', '/usr/libexec/slapd'].find(existsSync)

export const slapdIsThere = binary !== undefined
if (!slapdIsThere) console.warn('SKIPPED: slapd is not installed, so reading a real LDAP server is not tested')

export const suffix = 'dc=example,dc=org'
export const admin = { bindDn: `cn=admin,${suffix}`, password: 'secret' }

export interface Slapd {
  readonly url: string
  /** Adds, changes and removes entries, as LDIF for `ldapmodify`. */
  modify(ldif: string): Promise<void>
  stop(): Promise<void>
}

export interface SlapdOptions {
  /** Entries in the beginning, as LDIF for `slapadd`. */
  readonly ldif: string
  /** Further lines of the database's configuration. */
  readonly settings?: readonly string[]
  /** Certificate and key in PEM: then it speaks TLS, on the same port after StartTLS and on `tlsUrl` from the start. */
  readonly tls?: { readonly certificate: string; readonly key: string }
}

export async function startSlapd({
  ldif,
  settings = [],
  tls,
}: SlapdOptions): Promise<Slapd & { readonly tlsUrl?: string }> {
  const { folder, dispose } = scratchFolder('slapd')
  const [port, tlsPort] = [await freePort(), await freePort()]
  await mkdir(join(folder, 'data'))
  if (tls !== undefined) {
    await writeFile(join(folder, 'server.pem'), tls.certificate)
    await writeFile(join(folder, 'server.key'), tls.key, { mode: 0o600 })
  }
  await writeFile(join(folder, 'slapd.conf'), configOf(folder, settings, tls !== undefined))
  await writeFile(join(folder, 'start.ldif'), ldif)
  const config = join(folder, 'slapd.conf')
  await run('/usr/sbin/slapadd', ['-q', '-f', config, '-l', join(folder, 'start.ldif')])
  const url = `ldap://127.0.0.1:${port}`
  const tlsUrl = `ldaps://127.0.0.1:${tlsPort}`
  const listeners = tls === undefined ? url : `${url} ${tlsUrl}`
  // A small shell waits beside it and ends it when we are gone, in whatever way.
  const guard = '"$0" "$@" & server=$!; cat >/dev/null; kill "$server"; wait "$server"'
  const server = spawn('/bin/sh', ['-c', guard, binary ?? '', '-f', config, '-h', listeners, '-d', '0'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  await answering(port, server)
  return {
    url,
    ...(tls === undefined ? {} : { tlsUrl }),
    async modify(changes) {
      const client = execFile('ldapmodify', ['-x', '-H', url, '-D', admin.bindDn, '-w', admin.password, '-c'])
      client.stdin?.end(changes)
      const [code] = (await once(client, 'exit')) as [number]
      if (code !== 0) throw new Error(`ldapmodify ended with ${code}`)
    },
    async stop() {
      const ended = once(server, 'exit')
      server.stdin.end()
      await ended
      await dispose()
    },
  }
}

function configOf(folder: string, settings: readonly string[], tls: boolean): string {
  const schemaFolder = ['/etc/ldap/schema', '/etc/openldap/schema'].find(existsSync) ?? ''
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis', 'dyngroup']
  const modules = ['/usr/lib/ldap', '/usr/lib/openldap', '/usr/libexec/openldap'].find((path) =>
    existsSync(join(path, 'back_mdb.so')),
  )
  return [
    ...schemas.map((name) => `include ${join(schemaFolder, `${name}.schema`)}`),
    `pidfile ${join(folder, 'slapd.pid')}`,
    ...(modules === undefined ? [] : [`modulepath ${modules}`, 'moduleload back_mdb']),
    ...(tls
      ? [`TLSCertificateFile ${join(folder, 'server.pem')}`, `TLSCertificateKeyFile ${join(folder, 'server.key')}`]
      : []),
    'database mdb',
    `suffix "${suffix}"`,
    `rootdn "${admin.bindDn}"`,
    `rootpw ${admin.password}`,
    `directory ${join(folder, 'data')}`,
    'maxsize 104857600',
    ...settings,
    '',
  ].join('\n')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Tries again until somebody answers; a machine under load takes its time. */
async function answering(port: number, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    if (server.exitCode !== null) throw new Error(`slapd ended with ${server.exitCode}`)
    const socket = connect(port, '127.0.0.1')
    const answered = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (answered) return
    if (Date.now() > deadline) throw new Error('slapd does not answer')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
