/** What can guardrails speak about? The Cedar schema that follows from policy files, for editors and Cedar's own tools. */
import type { Command } from 'commander'
import { readPolicyFiles } from '../../../files/folder.ts'
import { guardrailSchemaOf } from '../../../files/policy.ts'
import { requirePlace } from '../../input/folder.ts'
import { problemsShown } from '../../output/problems.ts'
import { visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'

export function addSchema(parent: Command, registry: Registry): void {
  parent
    .command('schema')
    .summary('the Cedar schema of guardrails')
    .description(
      'Prints the Cedar schema against which guardrails are checked: every action of the catalogue, and what is known of a use. Keep it beside them for editors. No server is asked.',
    )
    .argument('[folder]', 'folder with `policy.yaml` or `policy/`', '.')
    .option('--policy <path>', 'the policy file or folder, when it is elsewhere')
    .action(
      performs<{ readonly policy?: string }, [string]>(registry, async (call, options, folder) => {
        const files = await readPolicyFiles(await requirePlace(folder, 'policy', options.policy))
        const read = 'problems' in files ? files : guardrailSchemaOf(files.value)
        if ('problems' in read) return problemsShown(call.page, read.problems)
        return { document: { schema: read.schema }, lines: read.schema.trimEnd().split('\n').map(visible) }
      }),
    )
}
