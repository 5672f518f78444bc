import { expect, test } from 'vitest'
import { localTarget } from './login.ts'

test.each([
  ['/sketch/1/explore', '/sketch/1/explore'],
  ['/api/v1/users/me/?a=b', '/api/v1/users/me/?a=b'],
  ['/über', '/%C3%BCber'],
])('goes to the local path %s', (next, target) => {
  expect(localTarget(next)).toBe(target)
})

test.each([
  undefined,
  '',
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/a\r\nSet-Cookie: x',
])('goes home instead of %j', (next) => {
  expect(localTarget(next)).toBe('/')
})
