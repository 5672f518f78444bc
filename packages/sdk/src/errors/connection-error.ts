/** No answer came: the server does not listen, the name does not resolve, the connection broke. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly code = 'no-connection'
  /** Address asked, without secrets. */
  readonly url: string

  /** @param options.request - What was asked, where it helps; the code of the cause is told beside it. */
  constructor(url: string, options: ErrorOptions & { readonly request?: string } = {}) {
    const { request, ...rest } = options
    const facts = [request, request === undefined ? undefined : readErrorCode(options.cause)].filter(Boolean)
    const told = facts.length === 0 ? '' : ` (${facts.join(', ')})`
    super(
      isBadPort(options.cause)
        ? `no answer from ${url} (${[request, 'bad port'].filter(Boolean).join(', ')}): fetch never asks this port; let the server listen on another`
        : `no answer from ${url}${told}: is the server running there?`,
      rest,
    )
    this.url = url
  }
}

/** The code that Node, or a library below `fetch`, gave a failure: ECONNREFUSED and the like; undefined where there is none. */
export function readErrorCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code
  return undefined
}

/** True for a port that `fetch` refuses to ask (Fetch Standard, "port blocking"); Node tells it in words only. */
function isBadPort(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at.message === 'bad port') return true
  return false
}

/** True for a `ConnectionError`, also one of another copy of this package. */
export function isConnectionError(error: unknown): error is ConnectionError {
  return error instanceof Error && error.name === 'ConnectionError'
}
