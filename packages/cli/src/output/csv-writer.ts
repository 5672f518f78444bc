import { escapeCsvCell, formatCsvHeader, formatCsvLine } from '@timeskein/model'
import type { EventRow } from '../backend/backend.ts'
import type { Effects } from '../effects.ts'
import { nameColumns, OTHER_FIELDS, spreadFields } from './event-columns.ts'
import { readField, toCellText } from './event-fields.ts'
import type { EventWriter } from './event-writer.ts'

/** Writes CSV (RFC 4180, UTF-8) with these fields and no others; formulas are neutralised. */
export function createPickedCsvWriter(writeOut: Effects['writeOut'], fields: readonly string[]): EventWriter {
  return createCsvWriter(writeOut, fields, (row) =>
    formatCsvLine(fields.map((field) => toCellText(readField(row, field)))),
  )
}

/**
 * Writes CSV with a column for each field. Fields of objects have dotted names. Nothing is left out: what has no column of its
 * own is in the last one, `other_fields`, as JSON.
 *
 * @param fields - The fields that get columns, beside those every event has.
 */
export function createFullCsvWriter(writeOut: Effects['writeOut'], fields: readonly string[]): EventWriter {
  const names = nameColumns(fields)
  const places = new Map(names.map((name, place) => [name, place]))
  const line = new SparseLine(names.length + 1)
  return createCsvWriter(writeOut, [...names, OTHER_FIELDS], (row) => {
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
  #filled: number[] = []

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
    for (const place of this.#filled.sort((a, b) => a - b)) {
      line += this.#commas.slice(0, place - at) + this.#cells[place]
      this.#cells[place] = ''
      at = place
    }
    this.#filled = []
    return `${line}${this.#commas.slice(0, this.#cells.length - 1 - at)}\r\n`
  }
}

function createCsvWriter(
  writeOut: Effects['writeOut'],
  header: readonly string[],
  formatRow: (row: EventRow) => string,
): EventWriter {
  let pending = formatCsvHeader(header)
  const flush = async (): Promise<void> => {
    const text = pending
    pending = ''
    if (text !== '') await writeOut(text)
  }
  return {
    async write(rows) {
      for (const row of rows) pending += formatRow(row)
      await flush()
    },
    end: flush,
  }
}
