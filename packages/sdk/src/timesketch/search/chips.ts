/**
 * A condition beside the query, as the web interface shows it. The wire shape itself: what a server sends back is a chip too.
 */
export interface Chip {
  readonly type: 'datetime_range' | 'datetime_interval' | 'label' | 'term' | (string & {})
  readonly field: string
  readonly value: string | number | boolean
  readonly operator: 'must' | 'must_not' | 'should'
  /** A chip that is not active is kept and not asked. */
  readonly active: boolean
}

/** What intervals are counted in: seconds, minutes, hours, days. */
export type IntervalUnit = 's' | 'm' | 'h' | 'd'

/** A time as ISO 8601 without zone, which is UTC, or a `Date`. */
export type ChipTime = string | Date

const STAR_LABEL = '__ts_star'
const COMMENT_LABEL = '__ts_comment'

/**
 * Events of a stretch of time, both ends included. A day alone is taken whole. Several chips of time are joined with OR.
 *
 * @throws {RangeError} For what is not a time, and an end before the start.
 */
export function dateRange(start: ChipTime, end: ChipTime): Chip {
  const from = toChipTime(start, 'T00:00:00')
  const to = toChipTime(end, 'T23:59:59')
  if (from > to) throw new RangeError(`a range of time wants its start first, found ${from} to ${to}`)
  return makeChip('datetime_range', '', `${from},${to}`)
}

/**
 * Events around a moment.
 *
 * @param around.before - In units. @param around.after - @default as many as before. @param around.unit - @default 'm'
 */
export function dateInterval(
  date: ChipTime,
  around: { before: number; after?: number; unit?: IntervalUnit },
): Chip {
  const { before, after = before, unit = 'm' } = around
  if (![before, after].every((count) => Number.isSafeInteger(count) && count >= 0))
    throw new RangeError(
      `an interval wants whole numbers that are not negative, found ${before} and ${after}`,
    )
  return makeChip(
    'datetime_interval',
    '',
    `${toChipTime(date, 'T00:00:00')} -${before}${unit} +${after}${unit}`,
  )
}

/** Events that have this label in the sketch. */
export function label(name: string): Chip {
  return makeChip('label', '', name)
}

export function starred(): Chip {
  return label(STAR_LABEL)
}

export function commented(): Chip {
  return label(COMMENT_LABEL)
}

/** Events whose field is this value, whole and exact. */
export function term(field: string, value: string | number | boolean): Chip {
  return makeChip('term', field, value)
}

/** The same condition the other way round. A server does it for terms only. */
export function exclude(chip: Chip): Chip {
  return { ...chip, operator: 'must_not' }
}

export function include(chip: Chip): Chip {
  return { ...chip, operator: 'must' }
}

export function optional(chip: Chip): Chip {
  return { ...chip, operator: 'should' }
}

export function activate(chip: Chip): Chip {
  return { ...chip, active: true }
}

export function deactivate(chip: Chip): Chip {
  return { ...chip, active: false }
}

/** The two ends of a chip made by `dateRange`; undefined for others. */
export function readDateRange(chip: Chip): { start: string; end: string } | undefined {
  const [start, end, ...rest] = String(chip.value).split(',')
  if (chip.type !== 'datetime_range' || !start || !end || rest.length > 0) return undefined
  return { start: dropZone(start), end: dropZone(end) }
}

/** What a chip made by `dateInterval` says; undefined for others. */
export function readDateInterval(
  chip: Chip,
): { date: string; before: number; after: number; unit: IntervalUnit } | undefined {
  const match = /^(.+) -(\d+)([smhd]) \+(\d+)([smhd])$/.exec(String(chip.value))
  if (chip.type !== 'datetime_interval' || !match) return undefined
  const [, date = '', before, , after, unit] = match
  return {
    date: dropZone(date.replace(' ', 'T')),
    before: Number(before),
    after: Number(after),
    unit: unit as IntervalUnit,
  }
}

function makeChip(type: Chip['type'], field: string, value: Chip['value']): Chip {
  return { type, field, value, operator: 'must', active: true }
}

function toChipTime(time: ChipTime, timeOfDay: string): string {
  if (time instanceof Date) {
    if (Number.isNaN(time.getTime())) throw new RangeError('expected a time, found an invalid Date')
    return time.toISOString().replace(/\.000Z$|Z$/, '')
  }
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d(?:\.\d+)?))?Z?$/.exec(time.trim())
  if (!match)
    throw new RangeError(`expected a time such as 2024-01-31T12:00:00 or 2024-01-31, found "${time}"`)
  return `${match[1]}${match[2] === undefined ? timeOfDay : `T${match[2]}`}`
}

function dropZone(time: string): string {
  return time.trim().replace(/Z$/, '')
}
