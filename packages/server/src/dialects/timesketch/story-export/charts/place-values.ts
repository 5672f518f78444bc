import type { ChartAxis } from './chart-view.ts'

type Row = Readonly<Record<string, unknown>>

/** Where the values of one axis lie, as parts of its length from 0 to 1. */
export interface Placing {
  /** The middle of a row's mark; undefined when the row has no value for it. */
  place(row: Row): number | undefined
  /** The share of the length that one mark may take. */
  readonly step: number
  /** Where the value 0 lies; marks of bars begin there. */
  readonly zero: number
  /** Texts beside the axis, in its order. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[]
}

/** Ticks of a scale of numbers or times; bands beyond `MAX_BAND_TICKS` are named in steps. */
const SCALE_TICKS = 5
const MAX_BAND_TICKS = 60
const DAY_MS = 86_400_000

/** Finds the places of the rows along an axis. */
export function placeValues(axis: ChartAxis, rows: readonly Row[]): Placing {
  return axis.scale === 'band' ? placeInBands(axis, rows) : placeOnScale(axis, rows)
}

function placeInBands(axis: ChartAxis, rows: readonly Row[]): Placing {
  const sums = new Map<string, number>()
  for (const row of rows) {
    const text = bandOf(axis, row)
    if (text === undefined) continue
    const weight = axis.order === undefined ? 0 : (toNumber(row[axis.order.field]) ?? 0)
    sums.set(text, (sums.get(text) ?? 0) + weight)
  }
  const sign = axis.order?.isDescending === true ? -1 : 1
  const names = [...sums]
    .toSorted(([a, one], [b, other]) => sign * (one - other) || compareBands(a, b))
    .map(([text]) => text)
  const places = new Map(names.map((text, at) => [text, (at + 0.5) / names.length]))
  const every = Math.ceil(names.length / MAX_BAND_TICKS)
  return {
    place: (row) => {
      const text = bandOf(axis, row)
      return text === undefined ? undefined : places.get(text)
    },
    step: 1 / Math.max(names.length, 1),
    zero: 0,
    ticks: names.flatMap((text, at) => (at % every === 0 ? [{ at: places.get(text)!, text }] : [])),
  }
}

function compareBands(a: string, b: string): number {
  const [first, second] = [Number(a), Number(b)]
  if (first !== second && Number.isFinite(first) && Number.isFinite(second)) return first - second
  return a < b ? -1 : Number(a > b)
}

function bandOf(axis: ChartAxis, row: Row): string | undefined {
  const value = row[axis.field]
  if (value === undefined || value === null) return undefined
  const ms = axis.timeUnit === undefined ? undefined : toTimeMs(value)
  if (ms === undefined) return typeof value === 'string' ? value : JSON.stringify(value)
  switch (axis.timeUnit) {
    case 'utcyear':
      return toIso(ms).slice(0, 4)
    case 'utcyearmonth':
      return toIso(ms).slice(0, 7)
    case 'utcyearweek':
      // Weeks begin on Sunday; 1970 began on a Thursday.
      return toIso(ms - ((((Math.floor(ms / DAY_MS) + 4) % 7) + 7) % 7) * DAY_MS).slice(0, 10)
    default:
      return toIso(ms).slice(0, 10)
  }
}

function placeOnScale(axis: ChartAxis, rows: readonly Row[]): Placing {
  const read = axis.scale === 'time' ? toTimeMs : toNumber
  let low = axis.scale === 'time' ? Number.POSITIVE_INFINITY : 0
  let high = axis.scale === 'time' ? Number.NEGATIVE_INFINITY : 0
  const distinct = new Set<number>()
  for (const row of rows) {
    const value = read(row[axis.field])
    if (value === undefined) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
    distinct.add(value)
  }
  const step = 1 / Math.max(distinct.size, 1)
  if (!(high >= low)) return { place: () => undefined, step, zero: 0, ticks: [] }
  // Bars at both ends of a time stand within it.
  const margin = axis.scale === 'time' ? step / 2 : 0
  const span = high - low || 1
  const toPlace = (value: number) => margin + ((value - low) / span) * (1 - 2 * margin)
  return {
    place: (row) => {
      const value = read(row[axis.field])
      return value === undefined ? undefined : toPlace(value)
    },
    step,
    zero: axis.scale === 'time' ? 0 : toPlace(0),
    ticks: listTicks(axis, low, high).map((value) => ({
      at: toPlace(value),
      text: axis.scale === 'time' ? tellTime(value, span) : String(value),
    })),
  }
}

function listTicks(axis: ChartAxis, low: number, high: number): readonly number[] {
  if (low === high) return [low]
  if (axis.scale === 'time')
    return Array.from({ length: SCALE_TICKS }, (_, at) => low + ((high - low) * at) / (SCALE_TICKS - 1))
  const rough = (high - low) / SCALE_TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough)!
  const ticks: number[] = []
  for (let n = Math.ceil(low / step); n <= Math.floor(high / step); n++)
    ticks.push(Number((n * step).toPrecision(12)))
  return ticks
}

function tellTime(ms: number, spanMs: number): string {
  return spanMs > 10 * DAY_MS ? toIso(ms).slice(0, 10) : toIso(ms).slice(0, 16).replace('T', ' ')
}

/** A number, also one that is written as text. */
export function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

const MAX_DATE_MS = 8.64e15

function toTimeMs(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? (toNumber(value) ?? Date.parse(value)) : toNumber(value)
  return ms !== undefined && Math.abs(ms) <= MAX_DATE_MS ? ms : undefined
}

function toIso(ms: number): string {
  const bound = Math.max(-MAX_DATE_MS, Math.min(MAX_DATE_MS, ms))
  return new Date(bound).toISOString()
}
