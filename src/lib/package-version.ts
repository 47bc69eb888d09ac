/** Which Countersign is this? Read from the package it runs from. */
import { readFileSync } from 'node:fs'

export const packageVersion = versionOf()

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}
