/** The page about the audit: its lists are those of the code, and its examples are read. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { answersOf } from '../../src/audit/answers/answers.ts'
import { rulesFor } from '../../src/audit/figures/rules.ts'
import { unknowns } from '../../src/audit/judge/verdict.ts'
import { plain } from '../../src/audit/mappers/plain.ts'
import { historyOf } from '../../src/audit/read/history.ts'
import { mapperOf } from '../../src/audit/read/mapper.ts'
import { recordSchema } from '../../src/audit/record.ts'
import { writePage } from '../../src/audit/render/page/write.ts'
import { runAudit } from '../../src/audit/run.ts'
import { settingsDefault } from '../../src/audit/settings.ts'
import { fieldTable } from '../../src/files/schemas.ts'

const page = join(import.meta.dirname, '../../docs/audit.md')

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

/** The questions do not depend on the history that answers them. */
const audited = await runAudit({ histories: [join(import.meta.dirname, '../../examples/audit/history.jsonl')] })
if ('problems' in audited) throw new Error(JSON.stringify(audited.problems))
const example = audited.value

const rows = { act: 'acts', grant: 'grants', chain: 'stays' } as const

const lists: Readonly<Record<string, string>> = {
  records: fieldTable(z.toJSONSchema(recordSchema, { io: 'input' })),
  unknowns: table(
    ['code', 'what it means'],
    Object.entries(unknowns).map(([code, means]) => [`\`${code}\``, means]),
  ),
  questions: table(
    ['the question', 'stands as', 'figures that answer it'],
    answersOf(example).map(({ question, id, figures }, index) => [
      `${index + 1}. ${question}`,
      `\`#question-${id}\``,
      figures.map((code) => `\`${code}\``).join(', '),
    ]),
  ),
  figures: table(
    ['figure', 'counts', 'what it says', 'rule'],
    rulesFor(settingsDefault).map(({ code, of, label, rule }) => [`\`${code}\``, rows[of], label, rule]),
  ),
}

test('lists every field, every unknown and every figure', async () => {
  const text = await readFile(page, 'utf8')
  const wanted = Object.entries(lists).reduce(
    (so, [name, list]) =>
      so.replace(
        new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`),
        () => `<!-- ${name} -->\n${list}\n<!-- /${name} -->`,
      ),
    text,
  )
  // `vitest run test/audit/docs.test.ts -u` writes the lists anew.
  for (const list of Object.values(lists)) expect(wanted).toContain(list)
  await expect(wanted).toMatchFileSnapshot(page)
})

test('each question stands on the page under its name, with every figure that answers it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-questions-'))
  try {
    await writePage(example, join(folder, 'audit.html'))
    const html = await readFile(join(folder, 'audit.html'), 'utf8')
    for (const { id, question } of answersOf(example)) {
      expect(html).toContain(`id="question-${id}"`)
      expect(html.replaceAll('\u00a0', ' ')).toContain(question)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('its two examples are read, and say the same', async () => {
  const text = await readFile(page, 'utf8')
  const blocks = [...text.matchAll(/```(jsonl|csv) history\n([\s\S]*?)```/g)]
  const histories = blocks.map(([, kind = '', block = '']) =>
    historyOf([{ name: `example.${kind}`, text: block }], plain),
  )
  const acts = histories.map((read) => {
    if ('problems' in read) throw new Error(JSON.stringify(read.problems))
    return read.value.acts.map(({ place: _, change: __, ...act }) => act)
  })
  expect(acts).toHaveLength(2)
  expect(acts[1]).toEqual(acts[0])
})

test('its mapper is loaded from a file and reads', async () => {
  const text = await readFile(page, 'utf8')
  const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(text) ?? []
  const folder = await mkdtemp(join(tmpdir(), 'countersign-mapper-'))
  try {
    await writeFile(join(folder, 'mapper.ts'), program)
    const mapper = await mapperOf(join(folder, 'mapper.ts'))
    if ('problems' in mapper) throw new Error(JSON.stringify(mapper.problems))
    const line = JSON.stringify({ closed: '2025-03-04', login: 'salma', openedBy: 'nora' })
    const read = historyOf([{ name: 'tickets.jsonl', text: line }], mapper.value)
    expect('problems' in read ? read : read.value.acts).toMatchObject([
      { day: '2025-03-04', kind: 'granted', beneficiary: 'salma', askedBy: ['nora'] },
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})
