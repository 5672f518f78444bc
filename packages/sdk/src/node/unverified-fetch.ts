import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { Readable } from 'node:stream'

/**
 * `fetch` that takes any certificate: for servers of one's own network that have signed theirs themselves (`verify = False`). It
 * follows no redirects, as a session wants it.
 */
export const unverifiedFetch: typeof globalThis.fetch = async (input, init) => {
  const request = new Request(input, init)
  const url = new URL(request.url)
  // A form has its boundary only when it has become a body.
  const body = request.body ? Buffer.from(await request.arrayBuffer()) : undefined
  const headers = Object.fromEntries(request.headers)
  if (body) headers['content-length'] = String(body.length)
  const options = { method: request.method, headers, signal: request.signal, rejectUnauthorized: false }
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const sent = send(url, options, resolve)
    sent.once('error', reject)
    sent.end(body)
  })
  const answered = new Headers()
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2)
    answered.append(message.rawHeaders[at] ?? '', message.rawHeaders[at + 1] ?? '')
  const status = message.statusCode ?? 500
  const hasBody = status !== 204 && status !== 304
  // A stream of Node's bytes is one of the web's bytes.
  const stream = Readable.toWeb(message) as ReadableStream<Uint8Array<ArrayBuffer>>
  return new Response(hasBody ? stream : null, { status, headers: answered })
}
