import { SigmaError } from '../../problem.ts'
import { base64, base64Offset, utf16 } from './encode.ts'
import type { ItemState, Modifier } from './modifier.ts'
import { cidr } from './network.ts'
import { compare, exists, timePart } from './number.ts'
import { regexp, regexpFlag } from './regexp.ts'
import { dayOfWeek, dayOfYear, publicHolidayIn, timeRange } from './sekoia-time.ts'
import { atPlace, cased, expand, fieldReference, windash } from './text.ts'

/** Sigma modifiers appendix 2.1.0, and those of times that Sekoia.io has beside them; `ignorecase`, `multiline` and `dotall` are pySigma's names of `i`, `m` and `s`. */
const MODIFIERS: Readonly<Record<string, Modifier>> = {
  all: (state) => ({ ...state, linking: 'all' }),
  neq: (state) => ({ ...state, negated: true }),
  contains: atPlace('contains'),
  startswith: atPlace('startswith'),
  endswith: atPlace('endswith'),
  cased,
  exists,
  windash,
  expand,
  fieldref: fieldReference,
  re: regexp,
  i: regexpFlag('i'),
  ignorecase: regexpFlag('i'),
  m: regexpFlag('m'),
  multiline: regexpFlag('m'),
  s: regexpFlag('s'),
  dotall: regexpFlag('s'),
  base64,
  base64offset: base64Offset,
  wide: utf16('le', false),
  utf16le: utf16('le', false),
  utf16be: utf16('be', false),
  utf16: utf16('le', true),
  gt: compare('gt'),
  gte: compare('gte'),
  lt: compare('lt'),
  lte: compare('lte'),
  minute: timePart('minute'),
  hour: timePart('hour'),
  day: timePart('day'),
  week: timePart('week'),
  month: timePart('month'),
  year: timePart('year'),
  cidr,
  timerange: timeRange,
  day_of_week: dayOfWeek,
  day_of_year: dayOfYear,
  public_holiday_in: publicHolidayIn,
}

/**
 * Applies modifiers to a field and its values, in the order they are written.
 *
 * @throws {SigmaError} For an unknown modifier, or a value that one is not for.
 */
export function applyModifiers(state: ItemState, names: readonly string[]): ItemState {
  let now = state
  for (const name of names) {
    const modifier = Object.hasOwn(MODIFIERS, name) ? MODIFIERS[name] : undefined
    if (!modifier) {
      const known = Object.keys(MODIFIERS).join(', ')
      throw new SigmaError(
        'bad-rule',
        `one of the modifiers ${known} expected, found ${JSON.stringify(name)}`,
        state.place,
      )
    }
    now = { ...modifier(now, name), applied: [...now.applied, name] }
  }
  return now
}
