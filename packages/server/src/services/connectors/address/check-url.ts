import { isIP } from 'node:net'
import type { Principal } from '../../../auth/principal.ts'
import { forbidden, invalid } from '../../../errors/domain-error.ts'
import { classifyAddress } from './private-address.ts'

/** Which addresses may be called beside those of the public network. */
export interface AddressRules {
  /** Every address. */
  readonly isPrivateAllowed: boolean
  /** This machine itself, as its address was written out. */
  readonly isLoopbackAllowed: boolean
}

const MAX_URL_LENGTH = 2048

/**
 * Reads the address of a platform.
 *
 * @throws {DomainError} `invalid` (`bad-url`) for one that is none, is not HTTP, or has credentials in it.
 */
export function readPlatformUrl(text: string): URL {
  const url = URL.canParse(text) && text.length <= MAX_URL_LENGTH ? new URL(text) : undefined
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (!url || !isHttp || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw invalid(
      'bad-url',
      `The address of a platform is https://… or http://… with a host and perhaps a path, without credentials, question or hash; found ${showUrl(text)}.`,
    )
  return url
}

/** Credentials are not told again. */
function showUrl(text: string): string {
  return text.includes('@') ? 'one with credentials' : JSON.stringify(text.slice(0, 200))
}

/**
 * Decides which addresses a connector may call. Loopback is for whoever runs this machine or server, and only where the address
 * says so itself; private networks for them too, and only where they say so.
 *
 * @throws {DomainError} `forbidden` (`private-address`) for an address that is plainly private, and not allowed.
 */
export function decideAddressRules(principal: Principal, url: URL, isPrivateAllowed: boolean): AddressRules {
  const isOwner = principal.via === 'local' || principal.isAdmin
  if (isPrivateAllowed && !isOwner)
    throw forbidden('private-address', 'Only administrators allow connectors to call private networks.', {})
  const kind = classifyHost(url)
  const rules = { isPrivateAllowed, isLoopbackAllowed: isPrivateAllowed || (isOwner && kind === 'loopback') }
  if (kind !== undefined && !isAllowed(kind, rules)) throw refuse(url.hostname, url.hostname)
  return rules
}

/** What a host is by its name alone; undefined for a name that must be looked up. */
export function classifyHost({ hostname }: URL): ReturnType<typeof classifyAddress> | undefined {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (isIP(host) !== 0) return classifyAddress(host)
  if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback'
  return undefined
}

/** Whether the rules allow an address of this kind. */
export function isAllowed(kind: ReturnType<typeof classifyAddress>, rules: AddressRules): boolean {
  if (kind === 'public' || rules.isPrivateAllowed) return true
  return kind === 'loopback' && rules.isLoopbackAllowed
}

/** Says that an address is not called. */
export function refuse(host: string, address: string): Error {
  const what = host === address ? host : `${host} (${address})`
  return forbidden(
    'private-address',
    `${what} is an address of this machine or of a private network, which connectors call only where an administrator allows it by name (option "allow-private").`,
    { host },
  )
}
