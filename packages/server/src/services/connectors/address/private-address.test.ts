import { expect, test } from 'vitest'
import { classifyAddress } from './private-address.ts'

test.each([
  ['93.184.216.34', 'public'],
  ['2606:2800:220:1:248:1893:25c8:1946', 'public'],
  ['127.0.0.1', 'loopback'],
  ['127.255.0.9', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['0:0:0:0:0:ffff:7f00:1', 'loopback'],
  ['10.0.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['169.254.169.254', 'private'],
  ['100.64.0.1', 'private'],
  ['0.0.0.0', 'private'],
  ['224.0.0.1', 'private'],
  ['255.255.255.255', 'private'],
  ['fd00::1', 'private'],
  ['fe80::1%eth0', 'private'],
  ['::', 'private'],
  ['64:ff9b::a00:1', 'private'],
  ['2002:a00:1::', 'private'],
  ['::ffff:a00:1', 'private'],
  ['::ffff:0:a00:1', 'private'],
  ['::ffff:0:127.0.0.1', 'private'],
  ['nonsense', 'private'],
])('%s is %s', (address, kind) => {
  expect(classifyAddress(address)).toBe(kind)
})
