import { expect, it } from 'vitest'
import { applyUserMap } from './apply-user-map.ts'
import type { Mapping } from './mapping.ts'

const MAPPING: Mapping = {
  schema: 'made',
  times: [{ fields: ['at'], description: 'Opened' }],
  allTimes: [],
  messageField: 'message',
  timeZone: 'UTC',
  dayFirst: undefined,
  profile: { aliases: { message: 'text' }, constants: { timestamp_desc: 'Opened' } },
  reason: 'is made',
}

it('leaves a mapping as it is when nothing was said', () => {
  expect(applyUserMap(MAPPING)).toEqual(MAPPING)
})

it('joins fields, of which a format may have some in few rows only', () => {
  expect(applyUserMap(MAPPING, { message: 'user+text', note: ['a+b', 'c'] })).toMatchObject({
    messageField: 'message',
    joined: [
      { target: 'message', fields: ['user', 'text'] },
      { target: 'note', fields: ['a+b', 'c'] },
    ],
    profile: { aliases: {} },
    reason:
      'is made; "message" is joined of "user", "text", as asked; "note" is joined of "a+b", "c", as asked',
  })
})

it('puts what was said over what the format knows', () => {
  const map = { time: 'date+clock', message: 'note', timestamp_desc: '=Closed', hostname: 'Computer' }
  expect(applyUserMap(MAPPING, map)).toMatchObject({
    times: [{ fields: ['date', 'clock'], description: 'Opened' }],
    messageField: 'note',
    profile: { aliases: { message: 'note', hostname: 'Computer' }, constants: { timestamp_desc: 'Closed' } },
    reason: 'is made; but the time is in date and clock, as asked',
  })
})
