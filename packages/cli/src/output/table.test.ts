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

const EVENT = {
  _id: 'edd44009_0',
  datetime: '2026-03-10T08:15:00.123456789Z',
  timeline: 'Security',
  message: `A long${' 😀'.repeat(100)}`,
}

test('a count is not cut: what is left would be another', () => {
  const { text } = formatTable(['events', 'name'], [['1,000,000', 'evidence'.repeat(3)]], {
    width: 18,
    color: false,
  })
  expect(text.split('\n')[1]).toBe('1,000,000  evidenc…')
})

test.each([40, 60, 80, 200])('times and ids stand whole on a terminal of %i columns', (width) => {
  const table = formatTable(Object.keys(EVENT), [Object.values(EVENT)], {
    width,
    color: false,
    whole: ['_id'],
  })
  const [, row = ''] = table.text.split('\n')
  expect(row).toContain(`${EVENT._id}  ${EVENT.datetime}  ${EVENT.timeline}  A long`)
  expect(row.isWellFormed()).toBe(true)
  const narrowest = 10 + 30 + 8 + 8 + 3 * 2
  const room = Math.max(width, narrowest)
  expect([room, room - 1]).toContain(row.length)
})
