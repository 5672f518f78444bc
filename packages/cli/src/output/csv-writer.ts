import { escapeCsvCell, formatCsvHeader, formatCsvLine } from '@timeskein/model'
import type { EventRow } from '../backend/backend.ts'
import type { Effects } from '../effects.ts'
import { nameColumns, OTHER_FIELDS, spreadFields } from './event-columns.ts'
import { readField, toCellText } from './event-fields.ts'
import type { EventWriter } from './event-writer.ts'

/** Writes CSV (RFC 4180, UTF-8) with these fields and no others; formulas are neutralised. */
export function createPickedCsvWriter(
  writeData: Effects['writeData'],
  fields: readonly string[],
): EventWriter {
  return createCsvWriter(writeData, fields, (row) =>
    formatCsvLine(fields.map((field) => toCellText(readField(row, field)))),
  )
}

/**
 * Writes CSV with a column for each field. Fields of objects have dotted names. Nothing is left out: what has no column of its
 * own is in the last one, `other_fields`, as JSON.
 *
 * @param fields - The fields that get columns, beside those every event has.
 */
export function createFullCsvWriter(writeData: Effects['writeData'], fields: readonly string[]): EventWriter {
  const names = nameColumns(fields)
  const places = new Map(names.map((name, place) => [name, place]))
  const line = new SparseLine(names.length + 1)
  return createCsvWriter(writeData, [...names, OTHER_FIELDS], (row) => {
    const others = spreadFields(row, places, (place, json) => {
      line.put(place, toCellText(json))
      return true
    })
    line.put(names.length, others)
    return line.take()
  })
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

function createCsvWriter(
  writeData: Effects['writeData'],
  header: readonly string[],
  formatRow: (row: EventRow) => string,
): EventWriter {
  let pending = formatCsvHeader(header)
  const flush = async (): Promise<void> => {
    const text = pending
    pending = ''
    if (text !== '') await writeData(text)
  }
  return {
    async write(rows) {
      for (const row of rows) pending += formatRow(row)
      await flush()
    },
    end: flush,
  }
}
