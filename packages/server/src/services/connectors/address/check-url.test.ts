import { expect, test } from 'vitest'
import { readPlatformUrl } from './check-url.ts'

test.each(['https://user:hunter2@example.org', 'user:hunter2@example.org', 'http://user:hunter2@[::1'])(
  'credentials in %s are refused, and not told again',
  (text) => {
    expect(() => readPlatformUrl(text)).toThrow(/found one with credentials/)
    expect(() => readPlatformUrl(text)).not.toThrow(/hunter2/)
  },
)

test('an address that is none is told', () => {
  expect(() => readPlatformUrl('ftp://example.org')).toThrow('found "ftp://example.org"')
  expect(readPlatformUrl('https://example.org/elements').pathname).toBe('/elements')
})
