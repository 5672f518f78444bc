import { ApiError } from '../errors/api-error.ts'
import type { RequestSpec } from '../transport/transport.ts'

/** Longest text of an answer that is no JSON that an error repeats. */
const MAX_TEXT = 200

const KINDS: Readonly<Record<number, readonly [code: string, advice: string]>> = {
  400: ['bad-request', 'Correct what was sent; the same request is refused again.'],
  401: [
    'sign-in-needed',
    'Give a key (for version 2 with its user and organization) that is valid for this address.',
  ],
  403: ['forbidden', 'Give a key of somebody who may do this, or of this organization.'],
  404: ['not-found', 'Check the id and the organization.'],
  409: ['conflict', 'There is one already: choose another name, or change that one.'],
  429: ['too-many-requests', 'Wait, then ask again.'],
}

/** The error for a refusal of Threat Stack: `{"status": "error", "message"}` in version 1, `{"errors": [text]}` in version 2. */
export async function readFailure(response: Response, request: RequestSpec): Promise<ApiError> {
  const [code, advice] = KINDS[response.status] ?? [
    response.status >= 500 ? 'server-failure' : `http-${response.status}`,
    undefined,
  ]
  const said = readText(await response.text())
  return new ApiError(
    `${request.method} ${request.path}: ${response.status}${said === '' ? '' : `: ${said}`}`,
    {
      status: response.status,
      code,
      advice,
      requestId: response.headers.get('x-request-id') ?? undefined,
    },
  )
}

function readText(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: unknown; errors?: unknown } | null
    if (Array.isArray(body?.errors)) return body.errors.map(String).join('; ')
    if (typeof body?.message === 'string') return body.message
  } catch (error) {
    // A proxy, or a limit, which is told as plain text: it is said as it came.
    if (!(error instanceof SyntaxError)) throw error
  }
  return text.slice(0, MAX_TEXT).trim()
}
