/** No answer came: the server does not listen, the name does not resolve, the connection broke. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly code = 'no-connection'
  /** Address asked, without secrets. */
  readonly url: string

  constructor(url: string, options?: ErrorOptions) {
    super(`no answer from ${url}: is the server running there?`, options)
    this.url = url
  }
}

/** True for a `ConnectionError`, also one of another copy of this package. */
export function isConnectionError(error: unknown): error is ConnectionError {
  return error instanceof Error && error.name === 'ConnectionError'
}
