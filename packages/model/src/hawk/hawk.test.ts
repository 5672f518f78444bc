import { expect, test } from 'vitest'
import { hashHawkBody, portOf, printHawkHeader, readHawkHeader, signHawk } from './hawk.ts'

// Worked examples of the scheme's own description (mozilla/hawk, API.md, "Protocol Example").
const KEY = 'werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn'
const REQUEST = {
  ts: 1353832234,
  nonce: 'j4h3g2',
  method: 'GET',
  resource: '/resource/1?b=1&a=2',
  host: 'example.com',
  port: 8000,
  ext: 'some-app-ext-data',
}

test('requests are signed as the scheme describes it', async () => {
  expect(await signHawk('header', KEY, REQUEST)).toBe('6R4rV5iE+NPoym+WwjeHzjAGXUtLNIxmo1vpMofpLAE=')
  const hash = await hashHawkBody('Thank you for flying Hawk', 'text/plain; charset=utf-8')
  expect(hash).toBe('Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY=')
  expect(await signHawk('header', KEY, { ...REQUEST, method: 'POST', hash })).toBe(
    'aSe1DERmZuRl3pI36/9BdZmnErTw3sNzOOAUlfeKjVw=',
  )
})

test('a header is read in whatever order, and written', () => {
  expect(readHawkHeader('Hawk mac="a+/=", id="x",ts="1" , nonce="n"')).toEqual({
    mac: 'a+/=',
    id: 'x',
    ts: '1',
    nonce: 'n',
  })
  expect(readHawkHeader('Bearer x')).toBeUndefined()
  expect(printHawkHeader({ id: 'x', ts: 1, hash: undefined })).toBe('Hawk id="x", ts="1"')
})

test.each([
  'Hawk id=x',
  'Hawk id="a", id="b"',
  'Hawk who="a"',
  'Hawk id="a\nb"',
  `Hawk id="${'a'.repeat(5000)}"`,
])('no header is %j', (header) => {
  expect(() => readHawkHeader(header)).toThrow(SyntaxError)
})

test('the port is that of the address or of its scheme', () => {
  expect([portOf(new URL('https://a')), portOf(new URL('http://a')), portOf(new URL('http://a:81'))]).toEqual(
    [443, 80, 81],
  )
})
