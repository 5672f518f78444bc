/** Configuration that is missing, or cannot be read; the message says what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'bad-config'
  /** The file it is about; undefined where it is about none. */
  readonly path: string | undefined

  constructor(message: string, facts: { path?: string | undefined } = {}, options?: ErrorOptions) {
    super(message, options)
    this.path = facts.path
  }
}

/** True for a `ConfigError`, also one of another copy of this package. */
export function isConfigError(error: unknown): error is ConfigError {
  return error instanceof Error && error.name === 'ConfigError'
}
