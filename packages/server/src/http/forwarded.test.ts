import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AppEnv } from './app-types.ts'
import { type Origin, parseTrustedProxies, readOrigin } from './forwarded.ts'

const PEER = '10.0.0.1'

/** What is read of a request that comes over a connection from `peer`. */
async function originOf(
  headers: Record<string, string>,
  trusted: string | undefined,
  peer = PEER,
): Promise<Origin> {
  const app = new Hono<AppEnv>()
  const proxies = trusted === undefined ? undefined : parseTrustedProxies(trusted)
  app.get('/', (c) => c.json(readOrigin(c, proxies)))
  const env = { incoming: { socket: { remoteAddress: peer, remotePort: 1, remoteFamily: 'IPv4' } } }
  const response = await app.fetch(new Request('http://skein.test/', { headers }), env as never)
  return (await response.json()) as Origin
}

it('nobody is believed unless it was said so', async () => {
  const headers = { 'x-forwarded-for': '192.0.2.9', 'x-forwarded-proto': 'https' }
  expect(await originOf(headers, undefined)).toEqual({ address: PEER, isSecure: false })
  expect(await originOf({}, undefined, '::ffff:10.0.0.1')).toEqual({ address: PEER, isSecure: false })
})

describe('so many proxies', () => {
  it('tell the client by the entry that the outermost of them added', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.66, 192.0.2.9:4711, 10.0.0.2',
      'x-forwarded-proto': 'http, https, http',
    }
    expect(await originOf(headers, '1')).toEqual({ address: '10.0.0.2', isSecure: false })
    expect(await originOf(headers, '2')).toEqual({ address: '192.0.2.9', isSecure: true })
  })

  it('are not believed when there are fewer: somebody came past them', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.9', 'x-forwarded-proto': 'https' }
    expect(await originOf(headers, '2')).toEqual({ address: PEER, isSecure: false })
    expect(await originOf({ 'x-forwarded-proto': 'https' }, '1')).toEqual({ address: PEER, isSecure: false })
  })

  it('may hand the scheme on instead of adding to it', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.9, 10.0.0.2', 'x-forwarded-proto': 'HTTPS' }
    expect(await originOf(headers, '2')).toEqual({ address: '192.0.2.9', isSecure: true })
  })

  it('that name no address leave the connection’s', async () => {
    expect((await originOf({ 'x-forwarded-for': 'unknown' }, '1')).address).toBe(PEER)
  })
})

describe('proxies by address', () => {
  it('are passed over from the connection on, and the first other address is the client', async () => {
    const headers = {
      'x-forwarded-for': '198.51.100.1, 192.0.2.9, 10.0.0.2',
      'x-forwarded-proto': 'https',
    }
    expect(await originOf(headers, '10.0.0.0/8')).toEqual({ address: '192.0.2.9', isSecure: true })
    expect(await originOf(headers, '10.0.0.1')).toEqual({ address: '10.0.0.2', isSecure: true })
    expect(await originOf(headers, '172.16.0.0/12,fd00::/8')).toEqual({ address: PEER, isSecure: false })
  })

  it('stop at what is no address', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.9, junk, 10.0.0.2' }
    expect((await originOf(headers, '10.0.0.0/8')).address).toBe('10.0.0.2')
  })

  it('can have addresses of six', async () => {
    const headers = { 'x-forwarded-for': '[2001:db8::7]:4711' }
    expect((await originOf(headers, 'fd00::/8', 'fd00::1')).address).toBe('2001:db8::7')
  })
})

it.each(['0', '11', '', 'proxy.example', '10.0.0.0/33', '10.0.0.1/8/8', '10.0.0.1,'])(
  'trusting "%s" is refused',
  (text) => {
    expect(() => parseTrustedProxies(text)).toThrowError(/addresses and networks such as/)
  },
)
