/** What several routes do with something on record about the directory: show it, decide about it, cut it to what may be seen. */
import type { Assertion, AssertionCommand, Said } from '../core/assertion.ts'
import { decideAboutAssertion, proposeAssertion } from '../engine/directories/assertions.ts'
import { assertionId } from '../engine/directories/own-word.ts'
import { type Asking, actOnce, outcomeOf } from './act-once.ts'
import type { Parts } from './parts.ts'
import { isProblem, type Problem, problem } from './problem.ts'
import type { AssertionDetail, AssertionView } from './schema/assertion.ts'
import { namesIn } from './sight.ts'

export function assertionView({ id, said, status, author, at, evidence, confirmed, end }: Assertion): AssertionView {
  return {
    id,
    ...said,
    status,
    author,
    at,
    evidence,
    ...(confirmed === undefined ? {} : { confirmed }),
    ...(end === undefined ? {} : { end }),
  }
}

/** Names that look alike and are on nobody's record yet. */
export function suggestionView(said: Said): AssertionView {
  return { id: assertionId(said), ...said, status: 'suggested' }
}

export function propose(
  parts: Parts,
  request: Asking,
  said: Said,
  evidence: string,
): Promise<AssertionDetail | Problem> {
  return answered(parts, request, `propose-${said.kind}`, { said, evidence }, (caller) =>
    proposeAssertion(parts.machinery, said, evidence, caller),
  )
}

export async function decide(
  parts: Parts,
  request: Asking,
  id: string,
  isKnown: () => Promise<boolean>,
  command: Exclude<AssertionCommand, { type: 'propose' }>,
): Promise<AssertionDetail | Problem> {
  // What nobody has said has no record to refuse in.
  if (!(await isKnown())) return problem('unknown-assertion', `there is no \`${id}\``)
  return answered(
    parts,
    request,
    `${command.type}-${id.startsWith('lnk_') ? 'link' : 'ownership'}`,
    { id, command },
    (caller) => decideAboutAssertion(parts.machinery, id, command, caller),
  )
}

async function answered(
  parts: Parts,
  request: Asking,
  name: string,
  what: object,
  act: (caller: Parameters<typeof decideAboutAssertion>[3]) => ReturnType<typeof decideAboutAssertion>,
): Promise<AssertionDetail | Problem> {
  const done = await actOnce<AssertionView>(parts, request, {
    name,
    what,
    run: async (caller) => outcomeOf(await act(caller), ({ assertion }) => assertionView(assertion)),
  })
  if (isProblem(done)) return done
  const { value: assertion, replayed, sight } = done
  return { assertion, replayed, names: sight === undefined ? {} : namesIn(sight.index, assertion) }
}
