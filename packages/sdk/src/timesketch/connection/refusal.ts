import { ApiError } from '../../errors/api-error.ts'

interface Kind {
  readonly code: string
  readonly advice: string
  readonly status?: number
  readonly text?: RegExp
}

// Read from above: the first that fits. Sentences are those of Timesketch 20261014 (timesketch/api/v1/resources).
const KINDS: readonly Kind[] = [
  {
    code: 'csrf-token',
    text: /\bCSRF\b/i,
    advice: 'Sign in again: the token of this session is missing, too old or of another session.',
  },
  {
    code: 'sketch-archived',
    text: /archived sketch|sketch that is already archived/i,
    advice: 'Unarchive the sketch first.',
  },
  {
    code: 'bad-query',
    text: /search query|^Mismatched parentheses|^Invalid query|does not support wildcard search/i,
    advice: 'Mend the query; quote or escape the characters + - = & | > < ! ( ) { } [ ] ^ " ~ * ? : \\ /.',
  },
  {
    code: 'nothing-to-search',
    text: /^No valid search indices|^No indices to aggregate/i,
    advice: 'Wait until a timeline of the sketch is ready, or name other timelines.',
  },
  {
    code: 'protected',
    status: 403,
    text: /with (the )?label|has label/i,
    advice: 'Take the protecting label away first.',
  },
  { code: 'bad-request', status: 400, advice: 'Correct what was sent; the same request is refused again.' },
  { code: 'sign-in-needed', status: 401, advice: 'Sign in, or give a key that is still valid.' },
  { code: 'forbidden', status: 403, advice: 'Ask the owner of the sketch, or an administrator, for access.' },
  {
    code: 'not-found',
    status: 404,
    advice: 'Check the id; it may have been deleted, or this server may not have the resource.',
  },
  { code: 'not-supported', status: 405, advice: 'This server does not know the call; it may be older.' },
  { code: 'too-large', status: 413, advice: 'Send less at once: a smaller chunk.' },
  { code: 'too-many-requests', status: 429, advice: 'Wait, then ask again.' },
  { code: 'server-failure', status: 500, advice: 'Look into the log of the server.' },
  {
    code: 'unavailable',
    status: 502,
    advice: 'The server behind the proxy does not answer: try again later.',
  },
  { code: 'unavailable', status: 503, advice: 'Try again later.' },
  { code: 'search-timeout', status: 504, advice: 'Search one field, fewer timelines or a shorter time.' },
]

/**
 * The error for an answer that is none of success: what the server said, a stable code and what can be done.
 *
 * Bodies: `{"message": text}`, `{"message": {argument: text}}` or an HTML page with a paragraph (Flask's error pages).
 */
export function toRefusal(
  request: string,
  response: Pick<Response, 'status' | 'headers'>,
  body: string,
): ApiError {
  const said = readMessage(body)
  const { status } = response
  const kind = KINDS.find(
    (one) => (one.status === undefined || one.status === status) && (one.text?.test(said) ?? true),
  )
  const message = said === '' ? 'the server did not say why' : said
  return new ApiError(`${request}: ${status}: ${message}`, {
    status,
    code: kind?.code ?? `http-${status}`,
    requestId: response.headers.get('x-request-id') ?? undefined,
    advice: kind?.advice,
  })
}

/** Longest text of an answer that becomes part of an error. */
const MAX_MESSAGE_CHARACTERS = 2000

function readMessage(body: string): string {
  let text = ''
  try {
    text = flatten((JSON.parse(body) as { message?: unknown } | null)?.message)
  } catch {
    // Not JSON: a page of the server or of a proxy before it.
    text = /<p>([\s\S]*?)<\/p>/i.exec(body)?.[1]?.replace(/<[^>]*>/g, '') ?? (/^\s*</.test(body) ? '' : body)
  }
  return text.trim().slice(0, MAX_MESSAGE_CHARACTERS)
}

function flatten(message: unknown): string {
  if (typeof message === 'string') return message
  if (typeof message !== 'object' || message === null) return ''
  return Object.entries(message)
    .map(([argument, text]) => `${argument}: ${String(text)}`)
    .join('; ')
}
