/** Does what was decided still follow from what was looked at? The server decides every act again from its recorded facts. */
import type { Command } from 'commander'
import type { Why } from '../../client/index.ts'
import type { WaiverEvent } from '../../core/waiver.ts'
import { conflictLines } from '../output/conflicts.ts'
import { phraseOf } from '../output/event-phrases.ts'
import { instantIn } from '../output/moments.ts'
import { named } from '../output/names.ts'
import type { Page } from '../output/page.ts'
import { visible } from '../output/visible.ts'
import { performs, type Registry } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { waiverArgument, waiverId } from './shared.ts'

export function addWhy(program: Command, registry: Registry): void {
  program
    .command('why')
    .summary('decide a waiver again from its recorded facts')
    .description(
      'Decides every act of a waiver once more from the facts recorded with it, and says whether each follows. Ends with 7 when one does not.',
    )
    .argument(...waiverArgument)
    .action(
      performs<object, [string]>(registry, async (call, _, text) => {
        const session = await sessionOf(call)
        const id = await waiverId(session, text)
        const why = answered(await session.client.why(id), id)
        return { document: why, lines: whyLines(call.page, why), exit: why.follows ? 'done' : 'checksFailed' }
      }),
    )
}

export function whyLines(page: Page, { waiver, follows, acts, names }: Why): readonly string[] {
  const rows = acts.flatMap((act) => {
    const body = act.body as WaiverEvent | undefined
    const mark = {
      yes: page.paint.good('follows   '),
      no: page.paint.bad('DIFFERS   '),
      unknown: page.paint.warn('unknown   '),
    }[act.follows]
    const verdict = body !== undefined && 'verdict' in body ? body.verdict : undefined
    return [
      `${mark}${instantIn(act.at, page.timeZone)}  ${named(act.by, names)}: ${body === undefined ? visible(act.type) : phraseOf(body, page).says}`,
      ...(act.detail === '' ? [] : [`          ${visible(act.detail)}`]),
      ...(verdict === undefined
        ? []
        : verdict.independent
          ? [`          ${named(verdict.person, names)} was independent on these facts`]
          : []),
      ...conflictLines(page, verdict?.conflicts ?? [], names, 10),
    ]
  })
  const answer = follows
    ? page.paint.good('every act follows from the facts recorded with it')
    : page.paint.bad('not every act follows from the facts recorded with it')
  return [...rows, '', `${visible(waiver)}: ${answer}`]
}
