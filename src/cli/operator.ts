/** What the commands of operators share: the configuration file, and faults of the machine said as sentences. */
import type { Command } from 'commander'
import { Stop } from './stop.ts'

export interface OperatorOptions {
  readonly config: string
}

export function operates(command: Command): Command {
  return command.option('--config <file>', 'the configuration file', 'countersign.yaml')
}

/** Named faults (a code, or the operating system's) are for the operator to mend; anything else is a bug. */
export async function mended<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      throw new Stop(
        'unreachable',
        { kind: 'fault', code: error.code, message: error.message, next: 'mend it and try again' },
        error,
      )
    }
    if (error instanceof Error && error.name === 'ConfigError') {
      throw new Stop(
        'usage',
        {
          kind: 'usage',
          code: 'config',
          message: error.message,
          next: 'correct the configuration; --config names another file',
        },
        error,
      )
    }
    throw error
  }
}
