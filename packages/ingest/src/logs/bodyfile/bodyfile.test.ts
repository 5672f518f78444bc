import { expect, it } from 'vitest'
import { readLog } from '../testing/read-log.ts'

it('keeps a size that is no exact number as it stands', async () => {
  const sizes = ['17', '', '9007199254740993', '99999999999999999999']
  const lines = sizes.map((size, i) => `0|/f${i}|${i}|r/rrw-|0|0|${size}|1700000000|0|0|0\n`)
  const { events } = await readLog(lines.join(''))
  expect(events.map(({ size }) => size)).toEqual([17, undefined, '9007199254740993', '99999999999999999999'])
})
