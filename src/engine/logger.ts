/** What the engine says to operators. Pino fits; so does nothing at all. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export const silent: Logger = { info() {}, warn() {}, error() {} }
