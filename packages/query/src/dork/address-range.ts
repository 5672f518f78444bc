import type { Query } from '../query.ts'
import { compileNetwork } from '../sigma/compile/compile-network.ts'
import { parseNetwork } from '../sigma/rule/modifiers/network.ts'

/** An IP address as a number, and how many bits its kind has (32 or 128). */
export interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

/** Reads an IPv4 or IPv6 address; undefined for any other text, networks among them. */
export function readAddress(text: string): Address | undefined {
  if (text.includes('/')) return undefined
  const bytes = parseNetwork(text)?.bytes
  if (bytes === undefined) return undefined
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return { bits: bytes.length === 4 ? 32 : 128, value }
}

/** The members of a network, as `10.0.0.0/8`; undefined for any text that is none, a single address among them. */
export function networkLeaf(field: string, text: string): Query | undefined {
  const network = text.includes('/') ? parseNetwork(text) : undefined
  return (
    network && {
      kind: 'regexp',
      field,
      pattern: compileNetwork(network),
      caseInsensitive: true,
      anyType: true,
    }
  )
}

/**
 * The addresses from `low` to `high`, both included, as the fewest networks that make them up: at most 62 for IPv4, 254 for
 * IPv6, one question each; none when `low` is above `high`.
 */
export function addressLeaves(field: string, bits: 32 | 128, low: bigint, high: bigint): Query[] {
  const leaves: Query[] = []
  for (let start = low; start <= high; ) {
    let free = 0
    while (free < bits && isNetwork(start, free + 1, high)) free++
    const bytes = Array.from({ length: bits / 8 }, (_, at) =>
      Number((start >> BigInt(bits - 8 - at * 8)) & 0xffn),
    )
    const pattern = compileNetwork({ kind: 'network', text: '', bytes, prefixLength: bits - free })
    leaves.push({ kind: 'regexp', field, pattern, caseInsensitive: true, anyType: true })
    start += 1n << BigInt(free)
  }
  return leaves
}

/** Whether so many free bits at `start` make a network that ends at or before `high`. */
function isNetwork(start: bigint, free: number, high: bigint): boolean {
  const size = 1n << BigInt(free)
  return start % size === 0n && start + size - 1n <= high
}
