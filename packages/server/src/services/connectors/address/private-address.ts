import { BlockList, isIP } from 'node:net'

/** How an address stands to the network around this machine. */
export type AddressKind = 'public' | 'loopback' | 'private'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Special-purpose address registries of IANA (RFC 6890), with what is behind them not reachable from everywhere, and IPv4 as RFC 2765 translates it. */
const PRIVATE = new BlockList()
for (const [address, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(address, prefix, 'ipv4')
for (const [address, prefix] of [
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(address, prefix, 'ipv6')

/** What an IP address is, in either writing; IPv4 within IPv6 is what the IPv4 address is. @param address - Without brackets. */
export function classifyAddress(address: string): AddressKind {
  const plain = address.replace(/%.*$/, '')
  const mapped = readMappedAddress(plain)
  if (mapped !== undefined) return classifyAddress(mapped)
  const family = isIP(plain)
  if (family === 0) return 'private'
  const type = family === 4 ? 'ipv4' : 'ipv6'
  if (LOOPBACK.check(plain, type)) return 'loopback'
  return PRIVATE.check(plain, type) ? 'private' : 'public'
}

/** `::ffff:127.0.0.1` and `::ffff:7f00:1`. */
function readMappedAddress(address: string): string | undefined {
  const match = /^(?:0*:){0,5}:?0*ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(
    address,
  )
  if (!match) return undefined
  const [, dotted, high, low] = match
  if (dotted !== undefined) return dotted
  const bits = Number.parseInt(high!, 16) * 65_536 + Number.parseInt(low!, 16)
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.')
}
