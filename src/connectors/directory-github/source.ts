/**
 * GitHub organisations kept as configuration files, as a directory: reads the folder and hands over what it means. It
 * reads everything or nothing, and never asks GitHub itself: the files are what their approvers agreed to.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { SourceId, SourceSnapshot } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import { capped } from '../../files/yaml.ts'
import { type DirectorySource, SourceError } from '../directory.ts'
import { idPrefix } from '../settings.ts'
import { readGithub } from './content.ts'
import { type FactsOptions, factsOf } from './facts.ts'

const machine = z.strictObject({
  kind: z.enum(['service-account', 'pipeline', 'agent', 'key']).default('service-account'),
  owners: z.array(z.string().min(1)).default([]).describe('logins, or teams as `organisation/team`'),
})

export const githubSettings = {
  path: z.string().min(1).describe('folder that holds `config/<organisation>/org.yaml`, from this file'),
  machines: z.record(z.string(), machine).default({}).describe('machines by login, with whom they belong to'),
  idPrefix: idPrefix.describe('put before logins in ids, where another source of people exists'),
}

export interface DirectoryGithubOptions extends FactsOptions {
  readonly source: SourceId
  /** Folder that holds `config/<organisation>/org.yaml`. */
  readonly path: string
  /** Default one day. */
  readonly staleAfterSeconds?: number
}

const staleAfterSecondsDefault = 86_400

/** @throws {SourceError} from `read`, with every problem as `file:line:column`. */
export function directoryGithub(options: DirectoryGithubOptions): DirectorySource {
  return {
    kind: 'directory-github',
    async read(now: Instant): Promise<SourceSnapshot> {
      const content = await readGithub(options.path)
      if ('problems' in content) throw new SourceError(content.problems)
      const facts = factsOf(content.value, options)
      if (facts.problems.length > 0) throw new SourceError(capped(facts.problems))
      const source = {
        id: options.source,
        revision: revisionOf(content.value.texts),
        observedAt: now,
        staleAfterSeconds: options.staleAfterSeconds ?? staleAfterSecondsDefault,
      }
      return { source, nodes: facts.nodes, relations: facts.relations, shifts: [] }
    },
  }
}

function revisionOf(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length}:${text}\n`)
  return `sha256:${hash.digest('hex')}`
}
