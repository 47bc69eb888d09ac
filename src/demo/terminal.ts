/** How the story looks in a terminal: numbered scenes, who did what, and at a glance what was refused and why. */
import pc from 'picocolors'

export interface Stage {
  scene(title: string, explanation?: string): void
  /** Something that happened as it should. */
  done(text: string, detail?: string): void
  /** Somebody was refused, as they should have been. */
  refused(who: string, sentence: string, paths: readonly string[]): void
  /** Seen on the target, not told by anybody. */
  seen(text: string): void
  note(text: string): void
  /** A line that is shown while something takes its time. */
  waiting(text: string): { end(): void }
  plain(text: string): void
}

export function stageOn(out: NodeJS.WriteStream): Stage {
  let number = 0
  const line = (text = '') => out.write(`${text}\n`)
  return {
    scene(title, explanation) {
      number++
      line()
      line(`${pc.bold(pc.cyan(`${String(number).padStart(2)}  ${title}`))}`)
      if (explanation !== undefined) line(pc.dim(indent(explanation, 4)))
    },
    done(text, detail) {
      line(`    ${pc.green('✔')} ${text}`)
      if (detail !== undefined) line(pc.dim(indent(detail, 6)))
    },
    refused(who, sentence, paths) {
      line(`    ${pc.red('✘')} ${pc.bold(who)} ${pc.red('refused')}  ${sentence}`)
      for (const path of paths) line(`        ${pc.yellow(path)}`)
    },
    seen(text) {
      line(`    ${pc.magenta('◉')} ${text}`)
    },
    note(text) {
      line(pc.dim(indent(text, 4)))
    },
    waiting(text) {
      if (!out.isTTY) {
        line(pc.dim(`    … ${text}`))
        return { end() {} }
      }
      const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
      let tick = 0
      const show = () => out.write(`\r    ${pc.cyan(frames[tick++ % frames.length] ?? '')} ${pc.dim(text)}`)
      show()
      const timer = setInterval(show, 80)
      return {
        end() {
          clearInterval(timer)
          out.write(`\r${' '.repeat(text.length + 8)}\r`)
        },
      }
    },
    plain: line,
  }
}

function indent(text: string, by: number): string {
  return text
    .split('\n')
    .map((one) => ' '.repeat(by) + one)
    .join('\n')
}
