// As whom does PostgreSQL run? It refuses to run as root, so a root process has to name an unprivileged account.
// An existing data folder keeps the account that owns it; this never changes the owner of data that is there.
import { readFile } from 'node:fs/promises'
import { EmbeddedServerError, systemCode } from './errors.ts'
import { statOrUndefined } from './files.ts'

/** An operating-system account, by number as `spawn` and `chown` want it. */
export interface Account {
  name: string
  uid: number
  gid: number
}

// `nobody` comes last because daemons share it: whoever runs as `nobody` could touch the server's processes.
const preferredNames = ['countersign', 'postgres', 'nobody']

/** The first preferred account in the text of a passwd(5) file that is not root. */
export function findAccount(passwd: string, names: readonly string[] = preferredNames): Account | undefined {
  const accounts = passwd.split('\n').flatMap(readEntry)
  for (const name of names) {
    const found = accounts.find((account) => account.name === name)
    if (found) return found
  }
  return undefined
}

function readEntry(line: string): Account[] {
  const [name = '', , uid = '', gid = ''] = line.split(':')
  if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid) || Number(uid) === 0) return []
  return [{ name, uid: Number(uid), gid: Number(gid) }]
}

/**
 * The account PostgreSQL must be started as, or undefined where it runs as ourselves.
 * @throws EmbeddedServerError `account-missing`, `folder-unusable`
 */
export async function serverAccount(dataFolder: string): Promise<Account | undefined> {
  const owner = await statOrUndefined(dataFolder)
  if (!owner) return accountForNewData()
  const ownUid = process.getuid?.()
  if (ownUid === undefined) return undefined
  if (ownUid === 0) return accountOfOwner(dataFolder, owner.uid, owner.gid)
  if (owner.uid !== ownUid) throw ownedByOther(dataFolder, owner.uid)
  return undefined
}

/**
 * The account that data made now is going to belong to, or undefined where it is ours.
 * @throws EmbeddedServerError `account-missing`
 */
export async function accountForNewData(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const account = findAccount(await readPasswd())
  if (account) return account
  throw new EmbeddedServerError(
    'account-missing',
    `PostgreSQL refuses to run as root and this machine has none of the accounts ${preferredNames.join(', ')}: ` +
      'create a system account named `countersign`, run as an ordinary user, or set DATABASE_URL',
  )
}

async function readPasswd(): Promise<string> {
  try {
    return await readFile('/etc/passwd', 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  }
}

function accountOfOwner(dataFolder: string, uid: number, gid: number): Account {
  if (uid !== 0) return { name: `user ${uid}`, uid, gid }
  throw new EmbeddedServerError(
    'folder-unusable',
    `\`${dataFolder}\` belongs to root, as which PostgreSQL refuses to run: ` +
      'chown -R it to the account the server ran as (restore does this by itself)',
  )
}

function ownedByOther(dataFolder: string, uid: number): EmbeddedServerError {
  return new EmbeddedServerError(
    'folder-unusable',
    `\`${dataFolder}\` belongs to user ${uid} and this process is user ${process.getuid?.()}: run as that user or as root`,
  )
}
