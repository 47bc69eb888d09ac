/** Further databases on the server of a bench, for what has to begin from nothing several times in one run. */
import pg from 'pg'

export function databasesOn(url: string): () => Promise<string> {
  let count = 0
  return async () => {
    count += 1
    const name = `bench_${count}`
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(`create database ${name}`)
    await client.end()
    const own = new URL(url)
    own.pathname = `/${name}`
    return own.href
  }
}
