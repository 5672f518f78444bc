import { expect, test } from 'vitest'
import { findSystemCode } from './system-code.ts'

test.each([
  [Object.assign(new Error('x'), { code: 'ENOTDIR' }), 'ENOTDIR'],
  [Object.assign(new Error('x'), { code: 'no-inputs' }), undefined],
  [new Error('IO Error: Could not write file "a.duckdb": No space left on device'), 'ENOSPC'],
  [
    new Error('x', { cause: new Error('x', { cause: Object.assign(new Error('x'), { code: 'EROFS' }) }) }),
    'EROFS',
  ],
  [new Error('x'), undefined],
  ['ENOSPC', undefined],
])('%s comes of %s', (error, code) => {
  expect(findSystemCode(error)).toBe(code)
})
