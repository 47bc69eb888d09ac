/**
 * How does a line of somebody's own export become records? A mapper is a small program that says so, and says nothing
 * more: whatever it returns is checked like a file, and it never decides who is independent.
 */
import type { HistoryRecord } from './record.ts'

export interface Mapper {
  readonly name: string
  /** One sentence for people: which files it reads. */
  readonly about: string
  /**
   * Called once for each file. The function it returns gets every row in the order of the file: the parsed value of a
   * JSONL line, or the cells of a CSV line by column. It may remember what it saw. An error it throws is reported with
   * the line.
   */
  readonly open: () => (row: unknown, line: number) => readonly HistoryRecord[]
}
