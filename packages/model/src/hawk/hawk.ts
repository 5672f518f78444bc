/** What a request or answer is signed over; see the Hawk scheme, version 1 (github.com/mozilla/hawk, API.md). */
export interface HawkArtifacts {
  /** Seconds since 1970. */
  readonly ts: number
  readonly nonce: string
  readonly method: string
  /** Path and query exactly as they are sent. */
  readonly resource: string
  readonly host: string
  readonly port: number
  /** Of the body; undefined where none is signed. */
  readonly hash?: string | undefined
  readonly ext?: string | undefined
}

/** What is signed: a request, the answer to it, or the server's time. */
export type HawkKind = 'header' | 'response'

/**
 * The code of a request or of the answer to it: HMAC-SHA256 in base64. Of an answer, everything but hash and ext is that of its
 * request.
 */
export async function signHawk(kind: HawkKind, key: string, artifacts: HawkArtifacts): Promise<string> {
  const { ts, nonce, method, resource, host, port, hash = '', ext = '' } = artifacts
  const lines = [
    `hawk.1.${kind}`,
    String(ts),
    nonce,
    method.toUpperCase(),
    resource,
    host.toLowerCase(),
    String(port),
    hash,
    ext.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'),
  ]
  return await sign(key, `${lines.join('\n')}\n`)
}

/** The code of a server's time, by which a client believes it. @param ts - Seconds since 1970. */
export async function signHawkTime(key: string, ts: number): Promise<string> {
  return await sign(key, `hawk.1.ts\n${ts}\n`)
}

/** The hash of a body: SHA-256 in base64. @param contentType - As its header says; parameters do not count. */
export async function hashHawkBody(body: Uint8Array | string, contentType: string): Promise<string> {
  const type = contentType.split(';')[0]!.trim().toLowerCase()
  const bytes = typeof body === 'string' ? encode(body) : body
  const head = encode(`hawk.1.payload\n${type}\n`)
  const whole = new Uint8Array(head.length + bytes.length + 1)
  whole.set(head)
  whole.set(bytes, head.length)
  whole[whole.length - 1] = 0x0a
  return toBase64(await crypto.subtle.digest('SHA-256', whole))
}

/** Most characters of a header that is read. */
const MAX_HEADER_LENGTH = 4096
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'id',
  'ts',
  'nonce',
  'hash',
  'ext',
  'mac',
  'app',
  'dlg',
  'tsm',
  'error',
])
const ATTRIBUTE = /^\s*(\w+)="([ \w!#$%&'()*+,\-./:;<=>?@[\]^`{|}~]*)"\s*(?:,|$)/

/**
 * The attributes of a header of the scheme, in whatever order.
 *
 * @returns Undefined where the header is of another scheme.
 * @throws {SyntaxError} For a header of the scheme that cannot be read: an attribute that is unknown, there twice, or no text.
 */
export function readHawkHeader(header: string): Readonly<Record<string, string>> | undefined {
  const scheme = /^\s*Hawk(?:\s+|$)/i.exec(header)
  if (!scheme) return undefined
  if (header.length > MAX_HEADER_LENGTH)
    throw new SyntaxError(`a Hawk header has at most ${MAX_HEADER_LENGTH} characters, found ${header.length}`)
  const attributes = new Map<string, string>()
  for (let rest = header.slice(scheme[0].length); rest.trim() !== ''; ) {
    const match = ATTRIBUTE.exec(rest)
    if (!match) throw new SyntaxError('attributes such as id="…" were expected in the Hawk header')
    const [whole, name, value] = match
    if (!ATTRIBUTES.has(name!) || attributes.has(name!))
      throw new SyntaxError(
        `the attribute ${name!.slice(0, 20)} of the Hawk header is unknown or there twice`,
      )
    attributes.set(name!, value!)
    rest = rest.slice(whole.length)
  }
  return Object.fromEntries(attributes)
}

/** A header of the scheme; what is undefined is left out. */
export function printHawkHeader(attributes: Readonly<Record<string, string | number | undefined>>): string {
  const parts = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value}"`],
  )
  return `Hawk ${parts.join(', ')}`
}

/** The port that is signed for an address that names none. */
export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

async function sign(key: string, text: string): Promise<string> {
  const made = await crypto.subtle.importKey('raw', encode(key), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  return toBase64(await crypto.subtle.sign('HMAC', made, encode(text)))
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function toBase64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
}
