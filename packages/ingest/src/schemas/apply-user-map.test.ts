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

it('puts what was said over what the format knows', () => {
  const map = { time: 'date+clock', message: 'note', timestamp_desc: '=Closed', hostname: 'Computer' }
  expect(applyUserMap(MAPPING, map)).toMatchObject({
    times: [{ fields: ['date', 'clock'], description: 'Opened' }],
    messageField: 'note',
    profile: { aliases: { message: 'note', hostname: 'Computer' }, constants: { timestamp_desc: 'Closed' } },
    reason: 'is made; but the time is in date and clock, as asked',
  })
})
