import { SigmaError } from '../../problem.ts'
import type { SigmaNetwork } from '../value.ts'
import { eachString, expectPlainText, type Modifier } from './modifier.ts'

/** `cidr`: addresses of a network, IPv4 or IPv6 (RFC 4632, RFC 4291 section 2.3). */
export const cidr: Modifier = eachString((value, state, name) => {
  const text = expectPlainText(value, state, name).trim()
  const network = parseNetwork(text)
  if (network) return network
  const expected = 'a network like 10.0.0.0/8 or 2001:db8::/32'
  throw new SigmaError(
    'bad-rule',
    `the modifier "${name}" takes ${expected}, found ${JSON.stringify(text)}`,
    state.place,
  )
})

/** Reads a network; an address alone is one of a single address. Bits behind the prefix are cleared. */
export function parseNetwork(text: string): SigmaNetwork | undefined {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const bytes = address.includes(':') ? parseIpv6(address) : parseIpv4(address)
  if (!bytes) return undefined
  const bits = bytes.length * 8
  const prefixLength = length === undefined ? bits : Number(length)
  if (prefixLength > bits) return undefined
  const cleared = bytes.map((byte, at) => {
    const kept = Math.min(8, Math.max(0, prefixLength - at * 8))
    return byte & (0xff00 >> kept) & 0xff
  })
  return { kind: 'network', text, bytes: cleared, prefixLength }
}

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part))) return undefined
  const bytes = parts.map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes : undefined
}

function parseIpv6(text: string): readonly number[] | undefined {
  const [head = '', tail, ...others] = text.split('::')
  if (others.length > 0) return undefined
  const before = readGroups(head)
  const after = readGroups(tail ?? '')
  if (!before || !after) return undefined
  const missing = 16 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined
  return [...before, ...new Array<number>(missing).fill(0), ...after]
}

function readGroups(text: string): readonly number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [at, group] of groups.entries()) {
    const isLast = at === groups.length - 1
    const ipv4 = isLast && group.includes('.') ? parseIpv4(group) : undefined
    if (ipv4) bytes.push(...ipv4)
    else if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const number = Number.parseInt(group, 16)
      bytes.push(number >> 8, number & 0xff)
    } else return undefined
  }
  return bytes
}
