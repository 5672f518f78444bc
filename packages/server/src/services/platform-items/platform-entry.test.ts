import { expect, test } from 'vitest'
import { isOlder, toMicros } from './platform-entry.ts'

test.each([
  ['2024-05-06T11:41:46.839600Z', 1_714_995_706_839_600n],
  ['2024-05-06T11:41:46.8396Z', 1_714_995_706_839_600n],
  ['2024-05-06T13:41:46.8396004+02:00', 1_714_995_706_839_600n],
  ['2024-05-06T11:41:46.7Z', 1_714_995_706_700_000n],
  ['2024-05-06T11:41:46Z', 1_714_995_706_000_000n],
  ['1969-12-31T23:59:59.999999Z', -1n],
  ['soon', undefined],
  [undefined, undefined],
])('the time %s is kept to the microsecond', (time, micros) => {
  expect(toMicros(time)).toBe(micros)
})

test('what a platform changed within one millisecond keeps its order', () => {
  const at = (fraction: string): { changedAt: string } => ({ changedAt: `2024-05-06T11:41:46.${fraction}Z` })
  const nowMs = Date.parse('2024-05-07T00:00:00Z')
  expect(isOlder(at('839600'), at('839700'), nowMs)).toBe(true)
  expect(isOlder(at('839700'), at('839600'), nowMs)).toBe(false)
})
