import { expect, it } from 'vitest'
import { findNamedZone, readFieldWords } from './field-words.ts'

it.each([
  ['Ereignisdatum', ['ereignis', 'datum']],
  ['StartTime1', ['start', 'time', '1']],
  ['Início', ['inicio']],
  ['last_logon-time', ['last', 'logon', 'time']],
  ['timestamp', ['time', 'stamp']],
  ['Uhrzeit', ['uhr', 'zeit']],
  ['Calendar Date', ['calendar', 'date']],
] as const)('takes %j apart', (name, words) => {
  expect(readFieldWords(name)).toEqual({ words, asides: [], zone: undefined })
})

it.each([
  ['Time (EST)', 'EST', []],
  ['Time (UTC+1)', 'UTC+1', []],
  ['Start [UTC +02:00]', 'UTC+02:00', []],
  ['Time (-03:30)', '-03:30', []],
  ['When (Europe/Berlin)', 'Europe/Berlin', []],
  ['event_time_utc', 'UTC', []],
  ['UtcTime', 'UTC', []],
  ['Time GMT-5', 'GMT-5', []],
  ['Time (local)', undefined, ['local']],
  ['Time (met)', undefined, ['met']],
  ['Time (UTC+99)', undefined, ['utc', '99']],
  ['Execute (mm:ss)', undefined, ['mm', 'ss']],
] as const)('finds the zone of %j', (name, zone, asides) => {
  expect(readFieldWords(name)).toMatchObject({ zone, asides })
})

it('takes the zone of the last field that names one', () => {
  expect(findNamedZone(['Date (UTC)', 'Time (CET)', 'x'])).toBe('CET')
  expect(findNamedZone(['Date', 'Time'])).toBeUndefined()
})

it('looks at the beginning of a name that has no end', () => {
  expect(readFieldWords('time'.repeat(1_000_000)).words).toHaveLength(50)
})
