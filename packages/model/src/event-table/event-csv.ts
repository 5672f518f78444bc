import { escapeCsvCell, formatCsvHeader, formatCsvLine } from '../csv-line.ts'
import { nameColumns, OTHER_FIELDS, spreadFields } from './event-columns.ts'
import { type FlatEvent, readField, toCellText } from './event-fields.ts'

/** How events become CSV (RFC 4180, UTF-8); formulas are neutralised. */
export interface EventCsv {
  /** The first line, with its end. */
  readonly header: string
  /** An event as a line, with its end. */
  formatRow(row: FlatEvent): string
}

/** CSV with these fields and no others. */
export function createPickedCsv(fields: readonly string[]): EventCsv {
  return {
    header: formatCsvHeader(fields),
    formatRow: (row) => formatCsvLine(fields.map((field) => toCellText(readField(row, field)))),
  }
}

/**
 * CSV with a column for each field. Fields of objects have dotted names. Nothing is left out: what has no column of its own is in
 * the last one, `other_fields`, as JSON.
 *
 * @param fields - The fields that get columns, the most frequent first, beside those every event has.
 */
export function createFullCsv(fields: readonly string[]): EventCsv {
  const names = nameColumns(fields)
  const places = new Map(names.map((name, place) => [name, place]))
  const line = new SparseLine(names.length + 1)
  return {
    header: formatCsvHeader([...names, OTHER_FIELDS]),
    formatRow(row) {
      const others = spreadFields(row, places, (place, json) => {
        line.put(place, toCellText(json))
        return true
      })
      line.put(names.length, others)
      return line.take()
    },
  }
}

/** A line of which few cells are filled: the work goes by those, not by the number of columns. */
class SparseLine {
  readonly #cells: string[]
  readonly #commas: string
  /** Places of cells with text, in the order in which they came. */
  readonly #filled: number[] = []

  constructor(columnCount: number) {
    this.#cells = new Array<string>(columnCount).fill('')
    this.#commas = ','.repeat(columnCount)
  }

  put(place: number, text: string): void {
    if (text === '') return
    if (this.#cells[place] === '') this.#filled.push(place)
    this.#cells[place] = escapeCsvCell(text)
  }

  /** The line with its end; empties it for the next. */
  take(): string {
    let line = ''
    let at = 0
    sortByInsertion(this.#filled)
    for (const place of this.#filled) {
      line += this.#commas.slice(0, place - at) + this.#cells[place]
      this.#cells[place] = ''
      at = place
    }
    this.#filled.length = 0
    return `${line}${this.#commas.slice(0, this.#cells.length - 1 - at)}\r\n`
  }
}

/** Sorts what is nearly sorted: events of one kind have their fields in one order. */
function sortByInsertion(numbers: number[]): void {
  for (let i = 1; i < numbers.length; i++) {
    const number = numbers[i]!
    let at = i
    while (at > 0 && numbers[at - 1]! > number) {
      numbers[at] = numbers[at - 1]!
      at--
    }
    numbers[at] = number
  }
}
