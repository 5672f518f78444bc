import { SigmaError } from '../../problem.ts'
import type { SigmaTimePart, SigmaValue } from '../value.ts'
import { eachValue, expectPlainText, expectString, type ItemState, type Modifier } from './modifier.ts'

/** Sekoia.io's modifiers of times (its page "Sigma rules", 2026). Times are those of UTC, or of the zone that the rule's `timezone` names. */

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const LEAST_LETTERS = 3
const DAYS_OF_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** `timerange`: `20:00-09:00`, also over midnight. It begins with the first minute and ends before the second. */
export const timeRange: Modifier = eachValue((value, state, name): SigmaValue => {
  const text = readPlain(value, state, name)
  const [, fromHour, fromMinute, toHour, toMinute] = /^(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)$/.exec(text) ?? []
  const from = readMinute(fromHour, fromMinute)
  const to = readMinute(toHour, toMinute)
  if (from === undefined || to === undefined || from === to)
    throw unfit(name, 'two different times of day such as 20:00-09:00', text, state)
  if (from < to) return { ...ask('minute-of-day', from), operator: 'gte', before: to }
  return {
    kind: 'any-of',
    of: [
      { ...ask('minute-of-day', from), operator: 'gte' },
      { ...ask('minute-of-day', to), operator: 'lt' },
    ],
  }
})

/** `day_of_week`: an English name, whole or from three letters, or a number from Monday, 1, to Sunday, which is 7 or 0. */
export const dayOfWeek: Modifier = eachValue((value, state, name): SigmaValue => {
  const text = readPlain(value, state, name).toLowerCase()
  const place = DAYS.findIndex((day) => text.length >= LEAST_LETTERS && day.startsWith(text))
  const number = place >= 0 ? place + 1 : text === '0' ? 7 : Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 7)
    throw unfit(name, 'a day such as monday, or a number from 0 (Sunday) to 7 (Sunday)', text, state)
  return ask('weekday', number)
})

/** `day_of_year`: `MM-DD`. */
export const dayOfYear: Modifier = eachValue((value, state, name): SigmaValue => {
  const text = readPlain(value, state, name)
  const [, month, day] = /^(\d\d)-(\d\d)$/.exec(text) ?? []
  const last = DAYS_OF_MONTHS[Number(month) - 1]
  if (last === undefined || Number(day) < 1 || Number(day) > last)
    throw unfit(name, 'a day of a month as MM-DD', text, state)
  return ask('date', Number(month) * 100 + Number(day))
})

/** `public_holiday_in`: refused, for nothing here knows the holidays of countries. */
export const publicHolidayIn: Modifier = (state, name) => {
  throw new SigmaError(
    'unsupported',
    `the modifier "${name}" needs the holidays of countries, which nothing here knows; name the days with "day_of_year"`,
    state.place,
  )
}

function ask(part: SigmaTimePart['part'], number: number): SigmaTimePart {
  return { kind: 'time-part', part, operator: 'eq', number }
}

function readMinute(hour: string | undefined, minute: string | undefined): number | undefined {
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined
  return Number(hour) * 60 + Number(minute)
}

function readPlain(value: SigmaValue, state: ItemState, name: string): string {
  return expectPlainText(expectString(value, state, name), state, name).trim()
}

function unfit(name: string, expected: string, found: string, state: ItemState): SigmaError {
  return new SigmaError(
    'bad-rule',
    `the modifier "${name}" takes ${expected}, found ${JSON.stringify(found)}`,
    state.place,
  )
}
