import { expect, test } from 'vitest'
import { toReadOptions } from './read-input.ts'

test('a description given for all events holds for rows dated by another field, too, unless a field has it', () => {
  const constants = { timestamp_desc: 'Seen', source_short: 'X' }
  expect(toReadOptions({ constants }).map).toEqual({ timestamp_desc: '=Seen' })
  expect(toReadOptions({ constants, map: { time: 'at', timestamp_desc: 'kind' } }).map).toEqual({
    time: 'at',
    timestamp_desc: 'kind',
  })
  expect(toReadOptions({ constants: { source_short: 'X' } })).not.toHaveProperty('map')
})
