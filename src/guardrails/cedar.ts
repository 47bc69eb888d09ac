/**
 * Cedar itself, as WebAssembly: loaded when a policy has guardrails and never before, so that whoever has none does not
 * carry it. The only file that knows the package.
 */
import { createRequire } from 'node:module'
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs'

let loaded: typeof Cedar | undefined

export function cedar(): typeof Cedar {
  // Of the package's builds only this one loads in Node without flags, and at once.
  loaded ??= createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof Cedar
  return loaded
}

export type { Cedar }
