import { ApiError } from '../../errors/api-error.ts'
import type { RequestSpec } from '../../transport/transport.ts'

const ADVICE: Readonly<Record<string, string>> = {
  T300: 'Send a key of this installation: each region has its own.',
  T301: 'Make another key: this one has expired.',
  T302: 'Make another key: this one was revoked.',
  AU202:
    'Give the key the permission that the call needs; a rule that was deleted is refused in the same way.',
}
const ADVICE_BY_STATUS: Readonly<Record<number, string>> = {
  410: 'Run it once more: results are kept for a while only.',
  429: 'Wait a little: about five requests in a second are what Sekoia.io recommends.',
}

/** Sekoia.io's refusals: `{message, code}`, and of the service of queries `{detail: {message, code}}` or a list of what is wrong. */
export async function readRefusal(response: Response, { method, path }: RequestSpec): Promise<ApiError> {
  const { status } = response
  const { message, code } = readBody(await response.text())
  const said = message ?? `the server answered ${status}${response.statusText && ` ${response.statusText}`}`
  return new ApiError(`${method} ${path}: ${said}`, {
    status,
    code: code ?? `http-${status}`,
    requestId: response.headers.get('x-request-id') ?? undefined,
    advice: ADVICE[code ?? ''] ?? ADVICE_BY_STATUS[status],
  })
}

function readBody(text: string): { readonly message?: string; readonly code?: string } {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // A proxy's page: its status says what there is to say.
    return {}
  }
  const outer = toRecord(body)
  const { detail } = outer
  if (Array.isArray(detail)) return { message: detail.map(describeIssue).join('; ') }
  if (typeof detail === 'string') return { message: detail }
  const { message, code } = detail === undefined ? outer : toRecord(detail)
  return {
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  }
}

/** One thing that is wrong, as the service of queries tells it: `{loc: ["body", "x"], msg}`. */
function describeIssue(issue: unknown): string {
  const { loc, msg } = toRecord(issue)
  return `${Array.isArray(loc) ? `${loc.join('.')}: ` : ''}${typeof msg === 'string' ? msg : 'refused'}`
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
