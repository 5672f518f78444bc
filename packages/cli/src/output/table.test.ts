import { expect, test } from 'vitest'
import { formatTable } from './table.ts'

test('what does not fit is cut, but never what has to be typed again', () => {
  const id = '3a413e1c0a0a175cab2bd32eba8b978c'
  const table = formatTable(['operation', 'what'], [[id, 'x'.repeat(60)]], {
    width: 60,
    color: false,
    whole: ['operation'],
  })
  const [, row = ''] = table.text.split('\n')
  expect(row).toBe(`${id}  ${'x'.repeat(25)}…`)
})
