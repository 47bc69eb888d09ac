/**
 * Where words go. With `--json` standard output holds exactly one document, the result, whatever it is; everything said on
 * the way goes to standard error. Without it people read both.
 */
import { guarded, guardedJson } from './output/guard.ts'

/** The process as far as the CLI touches it. */
export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Columns of standard output; absent when it is no terminal. */
  readonly columns?: number
  readonly colours: boolean
  /** A person can be asked: standard input and standard error are terminals. */
  readonly interactive: boolean
  /** @returns the line typed; empty when there was none. */
  readonly ask: (question: string) => Promise<string>
}

export interface Screen {
  readonly json: boolean
  /** Something people have to read before the command goes on. */
  show(lines: readonly string[]): void
  /** What happens meanwhile. */
  progress(line: string): void
  ask(question: string): Promise<string>
  result(document: unknown, lines: readonly string[]): void
  failure(document: unknown, lines: readonly string[]): void
}

export function screenOn(terminal: Terminal, json: boolean): Screen {
  const print = (write: (text: string) => void, lines: readonly string[]) => {
    if (lines.length > 0) write(`${lines.map((line) => guarded(line, terminal.colours)).join('\n')}\n`)
  }
  return {
    json,
    show: (lines) => print(json ? terminal.err : terminal.out, lines),
    progress: (line) => print(terminal.err, [line]),
    ask: (question) => terminal.ask(guarded(question, terminal.colours)),
    result: (document, lines) => (json ? terminal.out(`${guardedJson(document)}\n`) : print(terminal.out, lines)),
    failure: (document, lines) => (json ? terminal.out(`${guardedJson(document)}\n`) : print(terminal.err, lines)),
  }
}
