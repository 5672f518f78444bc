/** No answer came, or not all of it: the server does not listen, the name does not resolve, the connection broke. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly code = 'no-connection'
  /** Address asked, without secrets. */
  readonly url: string
  /** Finds the request in the server's log; undefined when no answer had begun, or the server gave none. */
  readonly requestId: string | undefined
  /** What the caller can do about it. */
  readonly advice: string

  /**
   * @param options.request - What was asked, where it helps; the code of the cause is told beside it.
   * @param options.answered - What had come of the answer when it broke off; undefined where nothing had.
   */
  constructor(
    url: string,
    options: ErrorOptions & {
      readonly request?: string
      readonly answered?: { readonly headers: Headers } | undefined
    } = {},
  ) {
    const { request, answered, ...rest } = options
    const said = isBadPort(options.cause)
      ? BAD_PORT
      : answered
        ? { ...BROKEN_OFF, fact: readErrorCode(options.cause) }
        : { ...NO_ANSWER, fact: request === undefined ? undefined : readErrorCode(options.cause) }
    const facts = [request, said.fact].filter(Boolean)
    super(`${said.what} ${url}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}: ${said.hint}`, rest)
    this.url = url
    this.requestId = answered?.headers.get('x-request-id') ?? undefined
    this.advice = said.advice
  }
}

const NO_ANSWER = {
  what: 'no answer from',
  hint: 'is the server running there?',
  advice: 'Check the address, and that the server runs and can be reached from here.',
}
const BROKEN_OFF = {
  what: 'an answer broke off, from',
  hint: 'the server had begun it, then the connection ended',
  advice:
    'Ask again; when it happens again, ask for less, or look into the log of the server and of the proxies before it.',
}
const BAD_PORT = {
  what: 'no answer from',
  fact: 'bad port',
  hint: 'fetch never asks this port; let the server listen on another',
  advice: 'Let the server listen on another port.',
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
