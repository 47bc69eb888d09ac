/**
 * Which mapper is meant: one that comes with the product, or a file of the user's own? Such a file is a program and runs
 * with the rights of whoever started the audit, so it is loaded only when it was named.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Read } from '../../files/yaml.ts'
import { didYouMean } from '../../lib/nearest.ts'
import type { Mapper } from '../mapper.ts'
import { builtInMappers } from '../mappers/built-in.ts'

/** @param wanted a name, or a path that contains a slash or ends in `.js`, `.mjs`, `.ts` or `.mts`. */
export async function mapperOf(wanted: string): Promise<Read<Mapper>> {
  if (isPath(wanted)) return loadMapper(wanted)
  const builtIn = builtInMappers.find(({ name }) => name === wanted)
  if (builtIn !== undefined) return { value: builtIn }
  const names = builtInMappers.map(({ name }) => name)
  const message = `no mapper is called \`${wanted}\`; there are ${names.join(', ')}, or name a file such as ./mapper.ts${didYouMean(wanted, names)}`
  return { problems: [{ where: '--mapper', message }] }
}

function isPath(wanted: string): boolean {
  return /[/\\]|\.m?[jt]s$/.test(wanted)
}

async function loadMapper(path: string): Promise<Read<Mapper>> {
  let loaded: { readonly mapper?: unknown }
  try {
    loaded = await import(pathToFileURL(resolve(path)).href)
  } catch (error) {
    // Whatever goes wrong in somebody else's file is theirs to read, whole.
    return problem(path, `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`)
  }
  return isMapper(loaded.mapper)
    ? { value: loaded.mapper }
    : problem(path, 'does not export `mapper` with a `name`, an `about` and a function `open`')
}

function isMapper(value: unknown): value is Mapper {
  if (typeof value !== 'object' || value === null) return false
  const { name, about, open } = value as Record<string, unknown>
  return typeof name === 'string' && typeof about === 'string' && typeof open === 'function'
}

function problem(path: string, message: string): Read<Mapper> {
  return { problems: [{ where: `${path}:1:1`, message }] }
}
