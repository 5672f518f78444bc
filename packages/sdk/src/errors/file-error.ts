/** A file of the machine cannot be read or written, or its name does not say what it is to be. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly code = 'file-failed'
  readonly path: string
  /** What the caller can do about it. */
  readonly advice: string

  constructor(message: string, facts: { path: string; advice: string }, options?: ErrorOptions) {
    super(message, options)
    this.path = facts.path
    this.advice = facts.advice
  }
}

/** True for a `FileError`, also one of another copy of this package. */
export function isFileError(error: unknown): error is FileError {
  return error instanceof Error && error.name === 'FileError'
}
