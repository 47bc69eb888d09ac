/** A target that outlives the process that touches it: what is given stands in files, one a grant and one a session. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AccessConnectorKind, done } from '../../src/connectors/access.ts'
import { memoryNature } from '../support/memory-target.ts'

/** Every grant that is given gets a session, which outlives the grant. */
export function fileTarget(folder: string): AccessConnectorKind {
  const [grants, sessions] = [join(folder, 'grants'), join(folder, 'sessions')]
  for (const one of [grants, sessions]) mkdirSync(one, { recursive: true })
  const put = (file: string, text: string) => {
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
  }
  return {
    kind: 'simulated',
    create: () => ({
      nature: memoryNature,
      describe: async () => done({ contains: 'files', summary: ['files'] }),
      async apply(spec) {
        put(join(sessions, spec.grant), spec.account)
        put(join(grants, spec.grant), spec.account)
        return done(undefined)
      },
      async revoke({ grant }) {
        rmSync(join(grants, grant), { force: true })
        return done(undefined)
      },
      async observe({ grant, account }) {
        const session = { session: grant, account, since: '', detail: '' }
        return done({
          present: existsSync(join(grants, grant)),
          differs: [],
          sessions: existsSync(join(sessions, grant)) ? [session] : [],
          residue: [],
        })
      },
      async endSessions({ grant }) {
        rmSync(join(sessions, grant), { force: true })
        return done({ ended: 1 })
      },
      inventory: async () => done({ holdings: [], unread: [] }),
      activity: async () => done([]),
      close: async () => {},
    }),
  }
}

export function leftOn(folder: string): readonly string[] {
  return ['grants', 'sessions'].flatMap((kind) => readdirSync(join(folder, kind)).map((name) => `${kind}/${name}`))
}
