import { lookup } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { type AddressRules, classifyHost, isAllowed, refuse } from './check-url.ts'
import { classifyAddress } from './private-address.ts'

/** Longest wait for a byte, in milliseconds. */
const IDLE_TIMEOUT_MS = 120_000
/** Longest answer that is read, in bytes: pages of platforms have a few megabytes. */
const MAX_ANSWER_BYTES = 128 * 1024 * 1024
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([101, 204, 205, 304])

/** Disposed of, it closes its connections, also those that are kept for the next call. */
export interface GuardedFetch extends Disposable {
  readonly fetch: typeof globalThis.fetch
}

/**
 * `fetch` that calls no address the rules forbid, whatever a name resolves to: each address is looked at when the connection is made,
 * so that a name which changes in between helps nobody. Redirects are not followed: they come as they are.
 */
export function makeGuardedFetch(rules: AddressRules): GuardedFetch {
  const guardedLookup = makeLookup(rules)
  const agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: 8 }),
    https: new https.Agent({ keepAlive: true, maxSockets: 8 }),
  }
  return {
    async fetch(input, init) {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const kind = classifyHost(url)
      if (kind !== undefined && !isAllowed(kind, rules)) throw refuse(url.hostname, url.hostname)
      const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
      return await send(url, request, body, guardedLookup, agents)
    },
    [Symbol.dispose]() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

function send(
  url: URL,
  request: Request,
  body: Buffer | undefined,
  guardedLookup: LookupFunction,
  agents: { readonly http: http.Agent; readonly https: https.Agent },
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  const isSecure = url.protocol === 'https:'
  const headers: Record<string, string> = Object.fromEntries(request.headers)
  if (body !== undefined) headers['content-length'] = String(body.length)
  const call = (isSecure ? https : http).request(url, {
    method: request.method,
    headers: { 'accept-encoding': 'identity', ...headers },
    agent: isSecure ? agents.https : agents.http,
    lookup: guardedLookup,
    signal: request.signal,
    timeout: IDLE_TIMEOUT_MS,
  })
  call.on('timeout', () => call.destroy(new Error(`nothing came for ${IDLE_TIMEOUT_MS / 1000} s`)))
  call.on('error', (cause) => reject(asFetchError(cause, request.signal)))
  call.on('response', (answer) => resolve(toResponse(answer)))
  call.end(body)
  return promise
}

function toResponse(answer: http.IncomingMessage): Response {
  const status = answer.statusCode ?? 502
  const headers = new Headers()
  for (const [name, values] of Object.entries(answer.headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  if (NULL_BODY_STATUSES.has(status)) {
    answer.resume()
    return new Response(null, { status, headers })
  }
  const body = Readable.toWeb(answer) as ReadableStream<Uint8Array>
  return new Response(body.pipeThrough(limitBytes(MAX_ANSWER_BYTES)), { status, headers })
}

function limitBytes(most: number): TransformStream<Uint8Array, Uint8Array> {
  let count = 0
  return new TransformStream({
    transform(bytes, controller) {
      count += bytes.length
      if (count <= most) controller.enqueue(bytes)
      else controller.error(new Error(`an answer has at most ${most} bytes`))
    },
  })
}

/** What failed, as `fetch` tells it: the cause beneath; a refusal of ours and an abort as they are. */
function asFetchError(cause: Error, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  if ('kind' in cause) return cause
  return new TypeError('fetch failed', { cause })
}

function makeLookup(rules: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '', 0)
        return
      }
      const forbidden = addresses.find(({ address }) => !isAllowed(classifyAddress(address), rules))
      const [first] = addresses
      if (forbidden || !first) callback(refuse(hostname, forbidden?.address ?? 'no address'), '', 0)
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}
