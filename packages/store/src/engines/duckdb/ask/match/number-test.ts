import type { Range } from '@timeskein/query'

/** A number as exact as it was written: integers of any size as bigint, all else as double. */
export type ExactNumber = bigint | number

/** Ends of a range of numbers; one that is left out is open. */
export interface NumberTest {
  readonly gte?: ExactNumber
  readonly gt?: ExactNumber
  readonly lte?: ExactNumber
  readonly lt?: ExactNumber
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const MAX_DIGITS = 400

/** Reads a number as OpenSearch does for a numeric field; undefined for text that is none. */
export function readNumber(text: string): ExactNumber | undefined {
  const trimmed = text.trim()
  if (trimmed.length > MAX_DIGITS || !NUMBER.test(trimmed)) return undefined
  if (/^[+-]?\d+$/.test(trimmed)) return BigInt(trimmed.replace(/^\+/, ''))
  const number = Number(trimmed)
  if (!Number.isFinite(number)) return undefined
  return Number.isInteger(number) ? BigInt(number) : number
}

/** The ends of a range as numbers; undefined when an end is none, so that no number answers. */
export function readNumberRange(range: Range): NumberTest | undefined {
  const test: { -readonly [K in keyof NumberTest]: NumberTest[K] } = {}
  for (const end of ['gte', 'gt', 'lte', 'lt'] as const) {
    const written = range[end]
    if (written === undefined) continue
    const number = readNumber(String(written))
    if (number === undefined) return undefined
    test[end] = number
  }
  return test
}

/** True when a number lies in the range. Bigints and doubles are compared by value. */
export function testNumber(test: NumberTest, value: ExactNumber): boolean {
  return (
    (test.gte === undefined || value >= test.gte) &&
    (test.gt === undefined || value > test.gt) &&
    (test.lte === undefined || value <= test.lte) &&
    (test.lt === undefined || value < test.lt)
  )
}

/** The one number that lies in the range, when it is written as an equality. */
export function singleNumber(test: NumberTest): ExactNumber | undefined {
  return test.gte !== undefined && test.gte === test.lte ? test.gte : undefined
}

const MIN_LONG = -(2n ** 63n)
const MAX_LONG = 2n ** 63n - 1n

/** The 64-bit integers that lie in the range, both ends inclusive; `low` is above `high` when there is none. */
export function integerBounds(test: NumberTest): { readonly low: bigint; readonly high: bigint } {
  let low = MIN_LONG
  let high = MAX_LONG
  if (test.gte !== undefined) low = maxOf(low, ceil(test.gte))
  if (test.gt !== undefined) low = maxOf(low, floor(test.gt) + 1n)
  if (test.lte !== undefined) high = minOf(high, floor(test.lte))
  if (test.lt !== undefined) high = minOf(high, ceil(test.lt) - 1n)
  return { low, high }
}

/**
 * The range as a condition on a column of 64-bit integers. Ends are written into the SQL as digits: they are numbers.
 */
export function integerSql(test: NumberTest, column: string): string {
  const { low, high } = integerBounds(test)
  if (low > high) return 'FALSE'
  return low === high ? `${column} = ${low}` : `${column} BETWEEN ${low} AND ${high}`
}

/** The range as a condition on a column of doubles. */
export function realSql(test: NumberTest, column: string): string {
  const ends: string[] = []
  for (const [end, sign] of [
    ['gte', '>='],
    ['gt', '>'],
    ['lte', '<='],
    ['lt', '<'],
  ] as const) {
    const value = test[end]
    if (value !== undefined) ends.push(`${column} ${sign} ${doubleLiteral(Number(value))}`)
  }
  return ends.length === 0 ? `${column} IS NOT NULL` : ends.join(' AND ')
}

function doubleLiteral(value: number): string {
  if (Number.isFinite(value)) return `${value}::DOUBLE`
  return `'${value > 0 ? 'infinity' : '-infinity'}'::DOUBLE`
}

function ceil(value: ExactNumber): bigint {
  return typeof value === 'bigint' ? value : BigInt(Math.ceil(value))
}

function floor(value: ExactNumber): bigint {
  return typeof value === 'bigint' ? value : BigInt(Math.floor(value))
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function minOf(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
