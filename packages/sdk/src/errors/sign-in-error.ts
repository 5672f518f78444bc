/** A server did not let the caller in. Passwords and tokens are never part of it. */
export class SignInError extends Error {
  override readonly name = 'SignInError'
  readonly code = 'sign-in-refused'
  /** HTTP status of the refusal; undefined where there was none. */
  readonly status: number | undefined

  constructor(message: string, facts: { status?: number | undefined } = {}, options?: ErrorOptions) {
    super(message, options)
    this.status = facts.status
  }
}

/** True for a `SignInError`, also one of another copy of this package. */
export function isSignInError(error: unknown): error is SignInError {
  return error instanceof Error && error.name === 'SignInError'
}
