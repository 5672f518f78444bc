import type { Column } from '@timeskein/model'
import type { ValueKind } from '@timeskein/store'
import { LineCache, NumberCache } from '@timeskein/store/texts'
import type { LinePlace } from '../values/value-tester.ts'

const LINE_FEED = '\n'
/** A longer text is one line, however many it has: as many short ones as it may have take far longer than their letters. */
const MAX_LINED_BYTES = 64 * 1024
/** The same where lines hardly repeat. */
const MAX_UNREPEATED_BYTES = 4 * 1024
/** Room for more lines than this is not kept for the next column. */
const MAX_KEPT_LINES = 2 ** 18
const FIRST_LINES = 1024
/** In the numbers of lines while a column is read: a text that is one line, numbered by itself. */
const WHOLE = 2 ** 31

/** Where a line may stand in a value. */
export const LINE_PLACES: readonly LinePlace[] = [
  { isFirst: false, isLast: false },
  { isFirst: false, isLast: true },
  { isFirst: true, isLast: false },
  { isFirst: true, isLast: true },
]

/** The number in `LINE_PLACES` of one of the lines from `start` to `end` (exclusive). */
export function placeOf(at: number, start: number, end: number): number {
  return (at === start ? 2 : 0) + (at === end - 1 ? 1 : 0)
}

/**
 * A column whose values were cut into lines, each different line with a number. Values of any batch repeat, and long texts, which
 * do not, are made of lines that do. A number, true or false is one line, and so is a text that is very long, sooner in a column
 * whose lines hardly repeat: then equal lines may have several numbers.
 */
export interface NumberedColumn {
  readonly kind: ValueKind
  /** The row of each value. */
  readonly rows: Uint32Array
  /** Numbers of the lines of all values, one value behind the other. */
  readonly lines: Uint32Array
  /** Where each value begins in `lines`; one more than there are values, for the end. */
  readonly starts: Uint32Array
  /** Of each line, by its number, a bit for each of `LINE_PLACES` where it stands in some value. */
  readonly places: Uint8Array
  /** How a line is written. */
  readonly textOf: (line: number) => string
}

/** A value as it is written. */
export function readValue({ lines, starts, textOf }: NumberedColumn, value: number): string {
  const [start, end] = [starts[value]!, starts[value + 1]!]
  if (end - start === 1) return textOf(lines[start]!)
  return Array.from(lines.subarray(start, end), textOf).join(LINE_FEED)
}

/** Numbers the lines of columns, one column after the other. */
export class ColumnNumberer {
  #lineCache = new LineCache()
  readonly #numberCache = new NumberCache()
  #scratch = new Uint32Array(FIRST_LINES)

  number({ rows, values }: Column): NumberedColumn {
    const { kind } = values
    switch (kind) {
      case 'string':
        return { kind, rows, ...this.#numberTexts(values) }
      case 'boolean':
        return { kind, rows, ...oneLineEach(new Uint32Array(values.bits), 2), textOf: writeBoolean }
      default:
        return { kind, rows, ...this.#numberNumbers(values) }
    }
  }

  #numberTexts({ bytes, offsets }: TextValues): Omit<NumberedColumn, 'kind' | 'rows'> {
    const cache = this.#lineCache
    cache.start(bytes)
    const starts = new Uint32Array(offsets.length)
    const wholes: number[] = []
    let count = 0
    for (let value = 0; value + 1 < offsets.length; value++) {
      const [start, end] = [offsets[value]!, offsets[value + 1]!]
      if (end - start > (cache.isWorthwhile ? MAX_LINED_BYTES : MAX_UNREPEATED_BYTES)) {
        if (count === this.#scratch.length) this.#grow()
        this.#scratch[count++] = WHOLE + wholes.push(value) - 1
      } else
        for (let at = start; at <= end; at = cache.lineEnd + 1) {
          if (count === this.#scratch.length) this.#grow()
          this.#scratch[count++] = cache.find(at, end)
        }
      starts[value + 1] = count
    }
    const lineCount = cache.count + wholes.length
    const [lineStarts, lineEnds] = [new Uint32Array(lineCount), new Uint32Array(lineCount)]
    for (let line = 0; line < cache.count; line++) {
      lineStarts[line] = cache.startOf(line)
      lineEnds[line] = cache.endOf(line)
    }
    for (const [at, value] of wholes.entries()) {
      lineStarts[cache.count + at] = offsets[value]!
      lineEnds[cache.count + at] = offsets[value + 1]!
    }
    const lines = this.#scratch.slice(0, count)
    if (wholes.length > 0)
      for (let at = 0; at < count; at++) if (lines[at]! >= WHOLE) lines[at]! += cache.count - WHOLE
    this.#letGo()
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const textOf = (line: number): string => buffer.toString('utf8', lineStarts[line], lineEnds[line])
    return { lines, starts, places: findPlaces(lines, starts, lineCount), textOf }
  }

  #numberNumbers({ numbers }: NumberValues): Omit<NumberedColumn, 'kind' | 'rows'> {
    const cache = this.#numberCache
    cache.start(numbers)
    const lines = new Uint32Array(numbers.length)
    const firsts: number[] = []
    for (let value = 0; value < lines.length; value++) {
      const line = cache.find(value)
      if (line === firsts.length) firsts.push(value)
      lines[value] = line
    }
    cache.finish()
    return { ...oneLineEach(lines, firsts.length), textOf: (line) => writeNumber(numbers[firsts[line]!]!) }
  }

  /** A column is over: its bytes are its batch's, and room that few columns need is nobody's. */
  #letGo(): void {
    this.#lineCache.finish()
    if (this.#scratch.length <= MAX_KEPT_LINES) return
    this.#scratch = new Uint32Array(FIRST_LINES)
    this.#lineCache = new LineCache()
  }

  #grow(): void {
    const grown = new Uint32Array(this.#scratch.length * 2)
    grown.set(this.#scratch)
    this.#scratch = grown
  }
}

type Values = Column['values']
type TextValues = Extract<Values, { readonly kind: 'string' }>
type NumberValues = Extract<Values, { readonly kind: 'integer' | 'real' }>

/** A column of values without line feeds. */
function oneLineEach(
  lines: Uint32Array,
  lineCount: number,
): Pick<NumberedColumn, 'lines' | 'starts' | 'places'> {
  const starts = new Uint32Array(lines.length + 1)
  for (let value = 0; value < starts.length; value++) starts[value] = value
  return { lines, starts, places: findPlaces(lines, starts, lineCount) }
}

function findPlaces(lines: Uint32Array, starts: Uint32Array, lineCount: number): Uint8Array {
  const places = new Uint8Array(lineCount)
  for (let value = 0; value + 1 < starts.length; value++) {
    const [start, end] = [starts[value]!, starts[value + 1]!]
    for (let at = start; at < end; at++) places[lines[at]!]! |= 1 << placeOf(at, start, end)
  }
  return places
}

function writeBoolean(bit: number): string {
  return bit === 0 ? 'false' : 'true'
}

/** As the store writes it: a double with a fraction, exponents of two digits at least. */
function writeNumber(number: number | bigint): string {
  const text = String(number)
  if (typeof number === 'bigint') return text
  const [digits, exponent] = text.split('e')
  if (exponent === undefined) return text.includes('.') || !Number.isFinite(number) ? text : `${text}.0`
  const sign = exponent.startsWith('-') ? '-' : '+'
  return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`
}
