import { BlockList, isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import { invalid } from '../errors/domain-error.ts'
import type { AppContext } from './app-types.ts'

/**
 * Which proxies in front are believed when they tell where a request comes from (`X-Forwarded-For`, `X-Forwarded-Proto`): so
 * many, or those with these addresses. What others write into these headers counts for nothing.
 */
export type TrustedProxies = { readonly count: number } | { readonly addresses: BlockList }

/** Where a request comes from. */
export interface Origin {
  /** IP address; `local` where there is no connection (tests, the command line in process). */
  readonly address: string
  /** The client speaks HTTPS, to us or to a trusted proxy. */
  readonly isSecure: boolean
}

const MAX_PROXIES = 10
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 }

/**
 * Reads `1`, or addresses and networks such as `10.0.0.7,192.168.0.0/16,fd00::/8`.
 *
 * @throws {DomainError} `invalid` (`bad-trusted-proxies`).
 */
export function parseTrustedProxies(text: string): TrustedProxies {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= MAX_PROXIES) return { count }
  const addresses = new BlockList()
  for (const part of text.split(',')) {
    const [address = '', bits, ...more] = part.trim().split('/')
    const family = isIP(address)
    const most = BITS[family]
    if (most === undefined || more.length > 0 || (bits !== undefined && !isPrefix(bits, most)))
      throw invalid(
        'bad-trusted-proxies',
        `Trusted proxies are a number from 1 to ${MAX_PROXIES}, or addresses and networks such as 10.0.0.7,192.168.0.0/16; found "${part.trim()}".`,
      )
    addresses.addSubnet(address, bits === undefined ? most : Number(bits), family === 6 ? 'ipv6' : 'ipv4')
  }
  return { addresses }
}

/** Where a request comes from, by its connection and what trusted proxies say. */
export function readOrigin(c: AppContext, trusted: TrustedProxies | undefined): Origin {
  const isSecure = new URL(c.req.url).protocol === 'https:'
  const peer = readPeer(c)
  const hops = trusted ? countHops(c, trusted, peer) : 0
  if (hops === 0) return { address: peer, isSecure }
  const schemes = splitHeader(c.req.header('x-forwarded-proto'))
  const told = listAddresses(c).at(-hops) ?? ''
  return {
    address: isIP(told) === 0 ? peer : told,
    // A proxy that does not add to the list has replaced it.
    isSecure: (schemes.at(-hops) ?? schemes[0] ?? '').toLowerCase() === 'https',
  }
}

/** How many proxies the request came through that are trusted and said from whom; each said one address, the last one first. */
function countHops(c: AppContext, trusted: TrustedProxies, peer: string): number {
  const told = listAddresses(c)
  if ('count' in trusted) return told.length >= trusted.count ? trusted.count : 0
  let hops = 0
  for (let hop = peer; hops < told.length && isTrusted(trusted.addresses, hop); hops += 1) {
    const next = told.at(-hops - 1) ?? ''
    if (isIP(next) === 0) break
    hop = next
  }
  return hops
}

function listAddresses(c: AppContext): readonly string[] {
  return splitHeader(c.req.header('x-forwarded-for')).map(stripPort)
}

function isTrusted(addresses: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && addresses.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

function isPrefix(bits: string, most: number): boolean {
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most
}

function splitHeader(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((part) => part.trim().slice(0, 64))
    .filter((part) => part !== '')
}

// Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`.
function stripPort(address: string): string {
  return unmap(address.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1'))
}

// A socket for both families names IPv4 addresses in IPv6's way.
function unmap(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/i, '')
}

function readPeer(c: AppContext): string {
  if (!(c.env && typeof c.env === 'object' && 'incoming' in c.env)) return 'local'
  return unmap(getConnInfo(c).remote.address ?? 'unknown')
}
