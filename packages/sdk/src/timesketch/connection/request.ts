/** One request to a Timesketch server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/api/v1`, made with the `path` tag, with the slash at its end. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined
  /** Sent as JSON. */
  readonly json?: unknown
  /** Makes the form that is sent; called anew for each try. */
  readonly form?: (() => FormData) | undefined
  /** A POST that only asks: it may be repeated as a GET may. */
  readonly isQuestion?: boolean
}

/** Method and path, as errors name a request; queries are left out, they can hold secrets. */
export function describeRequest(request: Pick<ApiRequest, 'method' | 'path'>): string {
  return `${request.method} ${request.path}`
}
