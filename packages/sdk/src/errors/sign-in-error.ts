/** A server did not let the caller in. Passwords and tokens are never part of it. */
export class SignInError extends Error {
  override readonly name = 'SignInError'
  readonly code = 'sign-in-refused'
  /** HTTP status of the refusal; undefined where there was none. */
  readonly status: number | undefined
  /** Finds the request in the server's log; undefined when the server gave none. */
  readonly requestId: string | undefined
  /** What the caller can do about it. */
  readonly advice: string

  constructor(
    message: string,
    facts: {
      status?: number | undefined
      requestId?: string | undefined
      /** @default by the status */
      advice?: string | undefined
    } = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.status = facts.status
    this.requestId = facts.requestId
    this.advice = facts.advice ?? adviseBy(facts.status)
  }
}

function adviseBy(status: number | undefined): string {
  if (status === 401 || status === 403) return 'Check the user name, and the password, key or token.'
  if (status === 404 || status === 405)
    return 'Check the address: a Timesketch server has a page to sign in at.'
  if (status === 429 || (status !== undefined && status >= 500))
    return 'Try again later, or look into the log of the server.'
  return 'Check the credentials, then sign in anew.'
}

/** True for a `SignInError`, also one of another copy of this package. */
export function isSignInError(error: unknown): error is SignInError {
  return error instanceof Error && error.name === 'SignInError'
}
