import { ApiError } from '../errors/api-error.ts'
import type { RequestSpec } from '../transport/transport.ts'

const KINDS: Readonly<Record<number, readonly [code: string, advice: string]>> = {
  400: ['bad-request', 'Correct what was sent; the same request is refused again.'],
  401: ['sign-in-needed', 'Give a client id and secret that are valid for this address.'],
  403: [
    'forbidden',
    'Give credentials whose scope allows it (connect.api.write for changes), or check the licence.',
  ],
  404: ['not-found', 'Check the id and the organization.'],
  415: ['bad-request', 'Send it in the form that the call asks for.'],
  429: ['too-many-requests', 'Wait, then ask again.'],
}

/**
 * The error for a refusal of WithSecure Elements: `{"message", "code", "details": {"reason"}, "transactionId"}`, or RFC 6749,
 * section 5.2, from where tokens come from. `requestId` is the transaction id, which the vendor's support asks for.
 */
export async function readFailure(response: Response, request: RequestSpec): Promise<ApiError> {
  const text = await response.text()
  const body = readObject(text)
  const [code, advice] = KINDS[response.status] ?? [
    response.status >= 500 ? 'server-failure' : `http-${response.status}`,
    'Try again later; the vendor can find the request by its transaction id.',
  ]
  const details = body['details']
  const reason =
    typeof details === 'object' && details !== null ? (details as Record<string, unknown>)['reason'] : details
  const said = [
    body['code'] ?? body['error'],
    body['message'] ?? body['error_description'],
    typeof reason === 'string' && reason !== body['message'] ? reason : undefined,
  ].filter((part) => part !== undefined)
  return new ApiError(
    `${request.method} ${request.path}: ${response.status}${said.length === 0 ? '' : `: ${said.join(': ')}`}`,
    {
      status: response.status,
      code: body['error'] === 'invalid_client' ? 'sign-in-needed' : code,
      requestId: response.headers.get('x-transaction') ?? toText(body['transactionId']),
      advice,
    },
  )
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // A proxy between may answer with a page of its own; the status is told.
    return {}
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
