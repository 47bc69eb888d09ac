/**
 * The record as JSON lines at the end of a file, on disk before it counts as sent. The file is opened anew each time, so
 * whoever rotates logs may move it away at any moment.
 */
import { mkdir, open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { done, notDone } from '../access.ts'
import type { RecordSink } from '../sink.ts'

/** Unknown keys are refused. */
export const settingsSchema = z.strictObject({ path: z.string().min(1) })

export const fileSink = {
  kind: 'file',
  /** @param base folder that a relative path starts from. @throws {Error} when the settings do not fit. */
  create(raw: Readonly<Record<string, unknown>>, base: string): RecordSink {
    const parsed = settingsSchema.safeParse(raw)
    if (!parsed.success) throw new Error(`settings of \`file\` do not fit: ${z.prettifyError(parsed.error)}`)
    const path = resolve(base, parsed.data.path)
    return {
      kind: 'file',
      async send(documents) {
        try {
          await append(path, documents.map((one) => `${JSON.stringify(one)}\n`).join(''))
          return done(undefined)
        } catch (error) {
          // A line may have been written in part; the documents come again, and a reader drops repeats by their `uid`.
          return notDone(
            `\`${path}\` could not be written (${(error as NodeJS.ErrnoException).code ?? 'failed'})`,
            true,
          )
        }
      },
    }
  },
}

async function append(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o750 })
  const file = await open(path, 'a', 0o640)
  try {
    await file.appendFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
