import type { SigmaNetwork } from '../rule/value.ts'

/**
 * A regular expression (Lucene's syntax, whole value, in any case) for the addresses of a network as they are written: IPv4
 * in four decimal numbers; IPv6 in groups, with or without leading zeros, with `::` in any place where it may stand (RFC 4291,
 * section 2.2; forms with an IPv4 address at the end are not meant).
 */
export function compileNetwork(network: SigmaNetwork): string {
  return network.bytes.length === 4 ? writeIpv4(network) : writeIpv6(network)
}

function writeIpv4({ bytes, prefixLength }: SigmaNetwork): string {
  return bytes
    .map((byte, at) => {
      const free = 8 - Math.min(8, Math.max(0, prefixLength - at * 8))
      return writeDecimals(byte, byte + 2 ** free - 1)
    })
    .join('\\.')
}

/** Numbers from `low` to `high`, 0 to 255, without leading zeros. */
function writeDecimals(low: number, high: number): string {
  if (low === high) return String(low)
  const ranges = (
    [
      [0, 9],
      [10, 99],
      [100, 255],
    ] as const
  ).flatMap(([first, last]) => {
    const [from, to] = [Math.max(low, first), Math.min(high, last)]
    return from > to ? [] : [from === to ? String(from) : `<${from}-${to}>`]
  })
  return ranges.length === 1 ? ranges[0]! : `(${ranges.join('|')})`
}

const GROUPS = 8
/** The hexadecimal digits that one of a group's four places may have. */
type Digits = readonly [low: number, high: number]

function writeIpv6({ bytes, prefixLength }: SigmaNetwork): string {
  const groups = Array.from({ length: GROUPS }, (_, at) => {
    const value = (bytes[2 * at]! << 8) | bytes[2 * at + 1]!
    return [12, 8, 4, 0].map((shift, place): Digits => {
      const bit = at * 16 + place * 4
      const free = 4 - Math.min(4, Math.max(0, prefixLength - bit))
      const digit = (value >> shift) & 0xf
      return [digit, digit + 2 ** free - 1]
    })
  })
  const texts = groups.map(writeGroup)
  const canBeZero = groups.map((digits) => digits.every(([low]) => low === 0))
  const forms = [texts.join(':')]
  for (let start = 0; start < GROUPS; start++) {
    for (let end = start; end < GROUPS && canBeZero[end]; end++)
      forms.push(`${texts.slice(0, start).join(':')}::${texts.slice(end + 1).join(':')}`)
  }
  return `(${forms.join('|')})`
}

/** One group of up to four digits; zeros in front may be left out. */
function writeGroup(digits: readonly Digits[]): string {
  const forms: string[] = []
  for (let count = 4; count >= 1; count--) {
    if (!digits.slice(0, 4 - count).every(([low]) => low === 0)) break
    forms.push(
      digits
        .slice(4 - count)
        .map(writeDigit)
        .join(''),
    )
  }
  return forms.length === 1 ? forms[0]! : `(${forms.join('|')})`
}

function writeDigit([low, high]: Digits): string {
  const [first, last] = [low.toString(16), high.toString(16)]
  if (low === high) return first
  if (low > 9 || high <= 9) return `[${first}-${last}]`
  return `[${first}-9a-${last}]`
}
