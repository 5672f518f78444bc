import {
  type HawkArtifacts,
  hashHawkBody,
  portOf,
  printHawkHeader,
  readHawkHeader,
  signHawk,
  signHawkTime,
} from '@timeskein/model/hawk'
import { AnswerError } from '../../errors/answer-error.ts'

/** Who signs. */
export interface HawkCredentials {
  /** Of the user. */
  readonly id: string
  readonly key: string
  /** Signed with each request: the organization. */
  readonly ext: string
}

/** What of a request its answer is signed over too. */
type Signed = Pick<HawkArtifacts, 'ts' | 'nonce' | 'method' | 'resource' | 'host' | 'port'>

const BODY_TYPE = 'application/json'

/**
 * A `fetch` that signs requests by the Hawk scheme and checks the signature of answers that have one. Where the server says that the
 * clock of this machine is wrong, and proves that it has the key, the request is signed once more with the server's time; it was refused
 * before anything was done.
 */
export function signFetch(
  doFetch: typeof globalThis.fetch,
  credentials: HawkCredentials,
): typeof globalThis.fetch {
  let clockOffsetMs = 0
  return async (input, init = {}) => {
    const url = new URL(String(input))
    const first = await send(doFetch, credentials, url, init, clockOffsetMs)
    if (first.status !== 401) return first
    const serverMs = await readServerTime(first, credentials)
    if (serverMs === undefined) return first
    clockOffsetMs = serverMs - Date.now()
    await first.body?.cancel()
    return await send(doFetch, credentials, url, init, clockOffsetMs)
  }
}

async function send(
  doFetch: typeof globalThis.fetch,
  { id, key, ext }: HawkCredentials,
  url: URL,
  init: RequestInit,
  clockOffsetMs: number,
): Promise<Response> {
  const method = init.method ?? 'GET'
  const hash = typeof init.body === 'string' ? await hashHawkBody(init.body, BODY_TYPE) : undefined
  const artifacts: Signed = {
    ts: Math.floor((Date.now() + clockOffsetMs) / 1000),
    nonce: crypto.randomUUID().replaceAll('-', '').slice(0, 16),
    method,
    resource: url.pathname + url.search,
    host: url.hostname,
    port: portOf(url),
  }
  const mac = await signHawk('header', key, { ...artifacts, hash, ext })
  const headers = new Headers(init.headers)
  const { ts, nonce } = artifacts
  headers.set('authorization', printHawkHeader({ id, ts, nonce, hash, ext, mac }))
  const response = await doFetch(url, { ...init, headers })
  const proof = response.headers.get('server-authorization')
  if (proof !== null) await checkAnswer(response, proof, key, artifacts)
  return response
}

/** @throws {AnswerError} For an answer that somebody else gave, or changed. */
async function checkAnswer(response: Response, proof: string, key: string, artifacts: Signed): Promise<void> {
  const { mac, hash, ext } = readHawkHeader(proof) ?? {}
  const isSigned = mac === (await signHawk('response', key, { ...artifacts, hash, ext }))
  const body = new Uint8Array(await response.clone().arrayBuffer())
  const type = response.headers.get('content-type') ?? ''
  if (isSigned && (hash === undefined || hash === (await hashHawkBody(body, type)))) return
  throw new AnswerError(
    `${artifacts.method} ${artifacts.resource}`,
    'an answer signed by the server with this key',
    'one that is not',
  )
}

/** The server's time in milliseconds, where it says it and signs it. */
async function readServerTime(response: Response, { key }: HawkCredentials): Promise<number | undefined> {
  const { ts, tsm } = readHawkHeader(response.headers.get('www-authenticate') ?? '') ?? {}
  if (ts === undefined || tsm === undefined || !/^\d{1,12}$/.test(ts)) return undefined
  return tsm === (await signHawkTime(key, Number(ts))) ? Number(ts) * 1000 : undefined
}
