/**
 * What do these Cedar files say, as guardrails? Every policy has an `@id`, says one effect, and speaks only about what the
 * schema knows; each mistake is named by file, line and column. Guardrails with one mistake are no guardrails.
 */
import type { Guardrails, Policy } from '../core/policy.ts'
import { type Cedar, cedar } from './cedar.ts'
import { mentionsIn } from './mentions.ts'
import { actionsOf, argumentsType, schemaOf } from './schema.ts'

export interface CedarFile {
  readonly name: string
  readonly text: string
}

export interface CedarProblem {
  readonly where: string
  readonly message: string
}

/** What was written in YAML about the arguments of actions, with its place. */
export interface WrittenArguments {
  readonly types: Readonly<Record<string, string>>
  at(action: string): string
}

type Effects = Pick<Guardrails, 'permit' | 'forbid'>
type Report = (where: string, message: string) => void

const policiesMax = 200
const charactersMax = 200_000
const idPattern = /^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/

export function readGuardrails(
  files: readonly CedarFile[],
  written: WrittenArguments,
  catalogue: Pick<Policy, 'systems'>,
): { readonly guardrails: Guardrails } | { readonly problems: readonly CedarProblem[] } {
  const problems: CedarProblem[] = []
  const report: Report = (where, message) => problems.push({ where, message })
  const found = files.flatMap((file) => policiesIn(file, report))
  const actions = actionsOf(catalogue)
  problems.push(...argumentProblems(written, catalogue))
  const guardrails = {
    ...effectsOf(found, report),
    arguments: written.types,
    mentions: mentionedBy(found, catalogue, report),
  }
  const isOpen = Object.keys(guardrails.permit).length === 0
  if (isOpen)
    report(
      `${files[0]?.name ?? written.at('')}`,
      'nothing permits anything, so nothing could be used any more; write what is permitted, such as `@id("all") permit(principal, action, resource);`',
    )
  if (problems.length === 0) checkTypes(files, guardrails, actions, report)
  return problems.length > 0 ? { problems } : { guardrails }
}

interface Found {
  readonly file: CedarFile
  readonly text: string
  readonly at: number
  readonly id: string | undefined
  readonly json?: Cedar.PolicyJson
}

function policiesIn(file: CedarFile, report: Report): readonly Found[] {
  if (file.text.length > charactersMax) {
    report(placeIn(file, 0), `is longer than ${charactersMax} characters`)
    return []
  }
  const parts = cedar().policySetTextToParts(file.text)
  if (parts.type === 'failure') {
    for (const error of parts.errors.flatMap(deepest)) report(placeOf(file, error), messageOf(error))
    return []
  }
  if (parts.policy_templates.length > 0)
    report(placeIn(file, file.text.indexOf('?')), 'templates are not taken; write each policy out')
  if (parts.policies.length > policiesMax) report(placeIn(file, 0), `holds more than ${policiesMax} policies`)
  let from = 0
  return parts.policies.map((text) => {
    const at = Math.max(file.text.indexOf(text, from), from)
    from = at + text.length
    const json = cedar().policyToJson(text)
    if (json.type === 'failure') return { file, text, at, id: undefined }
    const { annotations = {} } = json.json
    const id = Object.hasOwn(annotations, 'id') ? annotations.id : undefined
    return { file, text, at, id, json: json.json }
  })
}

function effectsOf(found: readonly Found[], report: Report): Effects {
  const places = new Map<string, string>()
  const texts = { permit: new Map<string, string>(), forbid: new Map<string, string>() }
  for (const { file, text, at, id, json } of found) {
    const where = placeIn(file, at)
    const earlier = id === undefined ? undefined : places.get(id)
    if (id === undefined) report(where, 'has no name; write `@id("…")` before it')
    else if (!idPattern.test(id) || id === 'constructor')
      report(where, `\`@id\` wants lower-case letters, digits, \`-\`, \`_\` and \`.\`, at most 100`)
    else if (earlier !== undefined) report(where, `\`${id}\` is already the name of the one at ${earlier}`)
    else {
      places.set(id, where)
      texts[json?.effect ?? 'forbid'].set(id, text)
    }
  }
  return { permit: Object.fromEntries(texts.permit), forbid: Object.fromEntries(texts.forbid) }
}

function mentionedBy(found: readonly Found[], catalogue: Pick<Policy, 'systems'>, report: Report): readonly string[] {
  const all = found.flatMap(({ file, at, json }) => {
    const { nodes, problems } = json === undefined ? { nodes: [], problems: [] } : mentionsIn(json, catalogue)
    for (const problem of problems) report(placeIn(file, at), problem)
    return nodes
  })
  return [...new Set(all)].sort()
}

/** @returns what is wrong with the types of arguments: each is one record, of an action that something offers. */
export function argumentProblems(
  { types, at }: WrittenArguments,
  catalogue: Pick<Policy, 'systems'>,
): readonly CedarProblem[] {
  const actions = actionsOf(catalogue)
  return Object.entries(types).flatMap(([action, type]) => {
    const read = argumentsType(type)
    return [
      ...(actions.includes(action)
        ? []
        : [{ where: at(action), message: `no entitlement offers the action \`${action}\`` }]),
      ...('problem' in read ? [{ where: at(action), message: lowered(read.problem) }] : []),
    ]
  })
}

/** Cedar's own validator, strict: every attribute is there, every comparison makes sense, every action is offered. */
function checkTypes(
  files: readonly CedarFile[],
  guardrails: Guardrails,
  actions: readonly string[],
  report: Report,
): void {
  const schema = schemaOf(actions, guardrails)
  for (const file of files) {
    const answer = cedar().validate({
      schema,
      policies: { staticPolicies: file.text },
      validationSettings: { mode: 'strict' },
    })
    const errors =
      answer.type === 'failure'
        ? answer.errors
        : // A policy that can never apply is a mistake as well: somebody believes in it.
          [...answer.validationErrors, ...answer.validationWarnings].map(({ error }) => error)
    const said = new Set<string>()
    for (const error of errors) {
      const where = placeOf(file, error)
      // The same mistake is found once for every action and every kind of principal.
      if (!said.has(where)) report(where, messageOf(error))
      said.add(where)
    }
  }
}

/** Cedar says first what it expected to end, and below that what stood there instead. */
function deepest(error: Cedar.DetailedError): readonly Cedar.DetailedError[] {
  return [error, ...(error.related ?? [])]
}

function messageOf({ message, help, sourceLocations }: Cedar.DetailedError): string {
  const label = sourceLocations?.[0]?.label
  const named = message.replace(/^for policy `policy\d+`, /, '')
  return lowered(`${named}${label == null ? '' : `: ${label}`}${help == null ? '' : `; ${help}`}`)
}

function lowered(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`
}

function placeOf(file: CedarFile, { sourceLocations }: Cedar.DetailedError): string {
  return placeIn(file, characterOf(file.text, sourceLocations?.[0]?.start ?? 0))
}

/** Cedar counts bytes of UTF-8. */
function characterOf(text: string, byte: number): number {
  return Buffer.from(text, 'utf8').subarray(0, byte).toString('utf8').length
}

function placeIn({ name, text }: CedarFile, index: number): string {
  const before = text.slice(0, Math.max(index, 0))
  const line = before.split('\n').length
  return `${name}:${line}:${before.length - before.lastIndexOf('\n')}`
}
