import { readTimes } from './read-times.ts'

/** One part of a URL, or something that a part says. */
export interface UrlNode {
  /** From 1; the URL itself is 1. */
  readonly id: number
  readonly label: string
  /** What kind of part it is; undefined for the URL itself. */
  readonly title: string | undefined
}

/** From a part to what it is made of, or says. */
export interface UrlEdge {
  readonly from: number
  readonly to: number
  readonly kind: UrlReading
}

/** By which kind of reading a part was found. */
export type UrlReading = 'url' | 'time' | 'encoding' | 'identifier'

/** A URL taken apart. */
export interface UrlGraph {
  readonly nodes: readonly UrlNode[]
  readonly edges: readonly UrlEdge[]
}

/** Parts of one URL; more are left out, and the last node says so. */
export const MAX_URL_PARTS = 500
/** URLs in URLs that are taken apart. */
const MAX_DEPTH = 5

/**
 * Takes a URL apart: scheme, authority, path, query and fragment (RFC 3986) with their own parts, and what values say (times,
 * UUIDs, Base64, URLs inside). Nothing is fetched. Any text is taken; one that is no URL has no parts.
 */
export function dissectUrl(text: string): UrlGraph {
  const draft: Draft = { nodes: [{ id: 1, label: text, title: undefined }], edges: [], isFull: false }
  dissect(draft, 1, text, 0)
  return { nodes: draft.nodes, edges: draft.edges }
}

interface Draft {
  readonly nodes: UrlNode[]
  readonly edges: UrlEdge[]
  isFull: boolean
}

function add(draft: Draft, from: number, label: string, title: string, kind: UrlReading = 'url'): number {
  const id = draft.nodes.length + 1
  if (draft.isFull) return id
  draft.isFull = id > MAX_URL_PARTS
  draft.nodes.push(
    draft.isFull
      ? { id, label: `… more than ${MAX_URL_PARTS} parts`, title: 'The rest is not taken apart' }
      : { id, label, title },
  )
  draft.edges.push({ from, to: id, kind })
  return id
}

/** RFC 3986, appendix B, with the scheme needed. */
const PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s

function dissect(draft: Draft, at: number, text: string, depth: number): void {
  const found = PARTS.exec(text.trim())
  if (!found || depth > MAX_DEPTH) return
  const [, scheme = '', authority, path = '', query, fragment] = found
  add(draft, at, `Scheme: ${scheme}`, 'The scheme of a URL (RFC 3986, section 3.1)')
  if (authority) dissectAuthority(draft, at, authority)
  if (path !== '' && path !== '/') {
    const node = add(draft, at, path, 'The path (RFC 3986, section 3.3)')
    const segments = path.split('/').filter((segment) => segment !== '')
    if (segments.length > 1 || readable(segments[0] ?? '') !== segments[0])
      for (const segment of segments)
        dissectValue(
          draft,
          add(draft, node, readable(segment), 'A segment of the path'),
          readable(segment),
          depth,
        )
    else dissectValue(draft, node, readable(segments[0] ?? ''), depth)
  }
  if (query) dissectPairs(draft, add(draft, at, query, 'The query (RFC 3986, section 3.4)'), query, depth)
  if (fragment) {
    const node = add(draft, at, `#${fragment}`, 'The fragment (RFC 3986, section 3.5)')
    if (fragment.includes('=')) dissectPairs(draft, node, fragment, depth)
    else dissectValue(draft, node, readable(fragment), depth)
  }
}

function dissectAuthority(draft: Draft, at: number, authority: string): void {
  const [, user, host = '', port] = /^(?:(.*)@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/s.exec(authority) ?? []
  if (user !== undefined) {
    const node = add(draft, at, `User: ${user}`, 'User information before the host (RFC 3986, section 3.2.1)')
    const [name = '', password] = user.split(/:(.*)/s)
    if (password !== undefined) {
      add(draft, node, `Name: ${readable(name)}`, 'The name of a user')
      add(draft, node, `Password: ${readable(password)}`, 'A password in clear text')
    }
  }
  const node = add(draft, at, host || authority, 'The host (RFC 3986, section 3.2.2)')
  if (/[a-z]/i.test(host) && !host.startsWith('['))
    for (const [place, label] of host.split('.').toReversed().entries())
      add(draft, node, label, place === 0 ? 'The top-level domain' : 'A label of the domain name')
  if (port) add(draft, at, `Port: ${port}`, 'The port (RFC 3986, section 3.2.3)')
}

function dissectPairs(draft: Draft, at: number, text: string, depth: number): void {
  for (const pair of text.split(/[&;]/)) {
    if (pair === '') continue
    const [name = '', value] = pair.split(/=(.*)/s).map((part) => readable(part.replaceAll('+', ' ')))
    const node = add(
      draft,
      at,
      value === undefined ? name : `${name}: ${value}`,
      'A parameter with its value',
    )
    if (value) dissectValue(draft, node, value, depth)
  }
}

/** What a value says beside itself. */
function dissectValue(draft: Draft, at: number, value: string, depth: number): void {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(value)) {
    const node = add(draft, at, value, 'A URL inside the URL')
    dissect(draft, node, value, depth + 1)
    return
  }
  for (const time of readTimes(value)) add(draft, at, time.iso, time.title, 'time')
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i.exec(value)
  if (uuid) add(draft, at, `UUID version ${uuid[1]}`, 'A UUID (RFC 9562)', 'identifier')
  const decoded = readBase64(value)
  if (decoded !== undefined)
    dissectValue(draft, add(draft, at, decoded, 'Base64, decoded (RFC 4648)', 'encoding'), decoded, depth + 1)
}

/** The text of Base64, if it is one of printable characters that is worth showing. */
function readBase64(value: string): string | undefined {
  if (value.length < 8 || value.length > 65_536 || value.length % 4 === 1) return undefined
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value) || /^\d+$/.test(value)) return undefined
  const bytes = Buffer.from(value, 'base64url')
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return /[\u0000-\u0008\u000e-\u001f\u007f\ufffd]/.test(text) || text.trim() === '' ? undefined : text
  } catch {
    // Not UTF-8: then it is not Base64 of text.
    return undefined
  }
}

/** Percent-encoding taken away, where it is right. */
function readable(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone percent sign means itself.
    return text
  }
}
