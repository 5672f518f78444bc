import type { Buffer } from 'node:buffer'
import { decodeCsvCell } from '../csv/csv-cell.ts'
import type { CsvLayout } from '../csv/csv-dialect.ts'
import { ROW_OK } from '../csv/csv-rows.ts'
import { CsvScanner } from '../csv/csv-scanner.ts'
import { JsonWalker } from '../json/json-walker.ts'
import type { FieldSample } from '../schemas/mapping.ts'
import type { JsonShape } from './detect-json.ts'

const SAMPLED_RECORDS = 500
const SAMPLED_VALUES = 50
const MAX_SAMPLED_FIELDS = 5000
const MAX_SAMPLED_DEPTH = 20

/** The fields of the first records of a JSON text with some of their values, named as the columns will be. */
export function sampleJsonFields(sample: Buffer, shape: JsonShape, isWhole: boolean): FieldSample[] {
  const fields = new FieldCollector()
  const texts = shape.kind === 'lines' ? takeLines(sample) : takeRows(sample, shape, isWhole)
  let count = 0
  for (const text of texts) {
    try {
      fields.addRecord(JSON.parse(text))
    } catch {
      // A broken record: it will be rejected with a reason when it is read.
      continue
    }
    if (++count === SAMPLED_RECORDS) break
  }
  return fields.list()
}

/** The columns of a delimiter-separated text with some of their non-empty values. */
export function sampleCsvFields(sample: Uint8Array, layout: CsvLayout, isWhole: boolean): FieldSample[] {
  const values = layout.columns.map((): string[] => [])
  const scanner = new CsvScanner(layout.dialect, {
    columnCount: layout.columns.length,
    maxRows: SAMPLED_RECORDS,
  })
  const rows = scanner.scan(sample, layout.dataStart, isWhole)
  for (let row = 0; row < rows.rowCount; row++) {
    if (rows.rowProblems[row] !== ROW_OK) continue
    const first = rows.rowCells[row]!
    values.forEach((column, i) => {
      const cell = first + i
      if (column.length >= SAMPLED_VALUES || rows.cellStarts[cell] === rows.cellEnds[cell]) return
      column.push(decodeCsvCell(sample, rows, cell, layout.dialect.quote))
    })
  }
  return layout.columns.map((name, i) => ({ name, values: values[i]! }))
}

class FieldCollector {
  readonly #values = new Map<string, unknown[]>()

  addRecord(record: unknown): void {
    if (record !== null && typeof record === 'object' && !Array.isArray(record))
      this.#addMembers('', record, 0)
  }

  list(): FieldSample[] {
    return [...this.#values].map(([name, values]) => ({ name, values }))
  }

  #addMembers(prefix: string, record: object, depth: number): void {
    if (depth > MAX_SAMPLED_DEPTH) return
    for (const [name, value] of Object.entries(record))
      this.#addValue(prefix + name.toWellFormed(), value, depth)
  }

  #addValue(path: string, value: unknown, depth: number): void {
    if (value === null || value === '') return
    if (Array.isArray(value)) for (const element of value) this.#addValue(path, element, depth + 1)
    else if (typeof value === 'object') this.#addMembers(`${path}.`, value as object, depth + 1)
    else {
      const values = this.#values.get(path)
      if (values) {
        if (values.length < SAMPLED_VALUES) values.push(value)
      } else if (this.#values.size < MAX_SAMPLED_FIELDS) this.#values.set(path, [value])
    }
  }
}

function* takeLines(sample: Buffer): Generator<string> {
  for (let at = 0; at < sample.length; ) {
    const found = sample.indexOf(0x0a, at)
    const end = found < 0 ? sample.length : found
    yield sample.toString('utf8', at, end)
    at = end + 1
  }
}

function* takeRows(
  sample: Buffer,
  shape: Exclude<JsonShape, { kind: 'lines' }>,
  isWhole: boolean,
): Generator<string> {
  const walker = new JsonWalker(shape)
  while (walker.next(sample, isWhole)) yield sample.toString('utf8', walker.start, walker.end)
}
