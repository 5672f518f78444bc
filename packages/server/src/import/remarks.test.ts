import { expect, test } from 'vitest'
import { describeUnreadTimes } from './remarks.ts'

test('times that could not be read are told by field, with the line of the first', () => {
  const unread = [
    { field: 'Seen', count: 1, firstLine: 4, detail: 'not a time: "garbage"' },
    { field: 'Gone', count: 12, firstLine: 9, detail: '0 stands for a time that was not set' },
  ]
  expect(describeUnreadTimes(unread, true)).toEqual([
    '1 value of the time field "Seen" could not be read, so no event was made of it (line 4: not a time: "garbage").',
    '12 values of the time field "Gone" could not be read, so no event was made of them (first in line 9: 0 stands for a time that was not set).',
  ])
  expect(describeUnreadTimes(unread.slice(1), false)[0]).toContain(
    'so the rows have their time from another field',
  )
})

test('of very many fields the rest is counted', () => {
  const unread = Array.from({ length: 30 }, (_, i) => ({
    field: `t${i}`,
    count: 2,
    firstLine: 1,
    detail: 'x',
  }))
  const told = describeUnreadTimes(unread, true)
  expect(told).toHaveLength(21)
  expect(told.at(-1)).toBe('20 values of 10 more time fields could not be read.')
})
