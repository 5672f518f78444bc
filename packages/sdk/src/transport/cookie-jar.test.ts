import { expect, test } from 'vitest'
import { CookieJar, canSendCookies } from './cookie-jar.ts'

function cookies(...lines: string[]): Headers {
  const headers = new Headers()
  for (const line of lines) headers.append('set-cookie', line)
  return headers
}

test('cookies are kept, replaced and ended', () => {
  const jar = new CookieJar()
  expect(jar.header()).toBeUndefined()
  jar.store(cookies('session=one; HttpOnly; Path=/', 'other=a=b'))
  expect(jar.header()).toBe('session=one; other=a=b')
  jar.store(cookies('session=two', 'other=; Max-Age=0'))
  expect(jar.header()).toBe('session=two')
  jar.store(cookies('session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'))
  expect(jar.header()).toBeUndefined()
})

test('this runtime lets a program send cookies', () => {
  expect(canSendCookies()).toBe(true)
})
