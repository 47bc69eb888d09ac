import { describe, expect, test } from 'vitest'
import { postgresRole } from './connector.ts'
import { readSettings } from './settings.ts'

const fields = { host: 'db.example', database: 'ledger', user: 'countersign', password: 'env:LEDGER_PASSWORD' }
const secrets = (reference: string) => {
  const known: Record<string, string> = {
    'env:LEDGER_PASSWORD': 'hush',
    'env:LEDGER_URL': 'postgresql://countersign:hush@db.example/ledger\n',
    'env:WRONG_URL': 'https://db.example',
    'file:/run/ca.pem': 'PEM',
  }
  const value = known[reference]
  if (value === undefined) throw new Error(`nothing behind \`${reference}\``)
  return value
}

describe('settings', () => {
  test('fields, with certificates verified unless said otherwise', () => {
    expect(readSettings(fields, secrets)).toEqual({
      connectTimeoutSeconds: 5,
      statementTimeoutSeconds: 10,
      connectionsMax: 4,
      connection: {
        host: 'db.example',
        port: 5432,
        database: 'ledger',
        user: 'countersign',
        password: 'hush',
        ssl: { rejectUnauthorized: true },
      },
    })
    expect(readSettings({ ...fields, tls: { ca: 'file:/run/ca.pem' } }, secrets).connection.ssl).toEqual({
      rejectUnauthorized: true,
      ca: 'PEM',
    })
    expect(readSettings({ ...fields, tls: 'off' }, secrets).connection.ssl).toBe(false)
    expect(readSettings({ ...fields, host: '/run/postgresql' }, secrets).connection.ssl).toBe(false)
  })

  test('an address behind a reference', () => {
    expect(readSettings({ url: 'env:LEDGER_URL' }, secrets).connection).toEqual({
      connectionString: 'postgresql://countersign:hush@db.example/ledger',
    })
    expect(() => readSettings({ url: 'env:WRONG_URL' }, secrets)).toThrow(/must lead to postgresql/)
  })

  test.each([
    [{ url: 'postgresql://u:p@h/d' }, /must be a reference/],
    [{ ...fields, password: 'hush' }, /must be a reference/],
    [{ ...fields, statementTimeoutSeconds: 0 }, /statementTimeoutSeconds/],
    [{ ...fields, connectTimeoutSeconds: 1.5 }, /connectTimeoutSeconds/],
    [{ ...fields, superuser: true }, /superuser/],
    [{ url: 'env:LEDGER_URL', host: 'h' }, /host/],
    [{}, /host/],
    [{ ...fields, password: 'env:NOTHING' }, /nothing behind `env:NOTHING`/],
  ])('[fail/closed] %j is refused', (raw, message) => {
    expect(() => postgresRole.create(raw, secrets)).toThrow(message)
  })

  test('the nature follows the settings', async () => {
    const connector = postgresRole.create({ ...fields, connectTimeoutSeconds: 2, statementTimeoutSeconds: 3 }, secrets)
    expect(connector.nature).toMatchObject({
      sessionOutlivesRevokeSeconds: null,
      endSessionsSecondsMax: 3,
      timeoutMillis: 15_000,
    })
    await connector.close()
    await connector.close()
  })
})
