import type { Buffer } from 'node:buffer'
import { decodeCsvCell } from '../csv/csv-cell.ts'
import type { CsvLayout } from '../csv/csv-dialect.ts'
import { ROW_OK } from '../csv/csv-rows.ts'
import { CsvScanner } from '../csv/csv-scanner.ts'
import type { RecordTransform } from '../json/json-row-reader.ts'
import { JsonWalker } from '../json/json-walker.ts'
import type { FieldSample } from '../schemas/mapping.ts'
import type { JsonShape } from './detect-json.ts'
import { SpreadSample } from './spread-sample.ts'

const SAMPLED_RECORDS = 5000
const SAMPLED_VALUES = 50
/** Rows of a table that are scanned in one go. */
const SCANNED_ROWS = 500
const MAX_SAMPLED_FIELDS = 5000
const MAX_SAMPLED_DEPTH = 20

/** How much of a sample is looked at. */
export interface SampleOptions {
  /** The sample is the whole text. @default false */
  readonly isWhole?: boolean
  /** @default 5000 */
  readonly maxRecords?: number
  /** Changes records as it will before they are stored. @default as they are */
  readonly transform?: RecordTransform | undefined
}

/** The fields of the first records of a JSON text with some of their values, named as the columns will be. */
export function sampleJsonFields(
  sample: Buffer,
  shape: JsonShape,
  { isWhole = false, maxRecords = SAMPLED_RECORDS, transform }: SampleOptions = {},
): FieldSample[] {
  const fields = new FieldCollector()
  const texts = shape.kind === 'lines' ? takeLines(sample) : takeRows(sample, shape, isWhole)
  let count = 0
  for (const text of texts) {
    try {
      const record: unknown = JSON.parse(text)
      fields.addRecord(transform?.(record) ?? record)
    } catch {
      // A broken record: it will be rejected with a reason when it is read.
      continue
    }
    if (++count === maxRecords) break
  }
  return fields.list()
}

/** The columns of a delimiter-separated text with some of their non-empty values. */
export function sampleCsvFields(
  sample: Uint8Array,
  layout: CsvLayout,
  { isWhole = false, maxRecords = SAMPLED_RECORDS }: SampleOptions = {},
): FieldSample[] {
  const values = layout.columns.map(() => new SpreadSample<string>(SAMPLED_VALUES))
  const scanner = new CsvScanner(layout.dialect, {
    columnCount: layout.columns.length,
    maxRows: SCANNED_ROWS,
  })
  let count = 0
  for (let at = layout.dataStart; count < maxRecords; ) {
    const rows = scanner.scan(sample, at, isWhole)
    for (let row = 0; row < rows.rowCount && count < maxRecords; row++) {
      if (rows.rowProblems[row] !== ROW_OK) continue
      count++
      const first = rows.rowCells[row]!
      values.forEach((column, i) => {
        const cell = first + i
        if (rows.cellStarts[cell] === rows.cellEnds[cell]) return
        column.add(() => decodeCsvCell(sample, rows, cell, layout.dialect.quote))
      })
    }
    if (rows.consumed === at) break
    at = rows.consumed
  }
  return layout.columns.map((name, i) => ({ name, values: values[i]!.values }))
}

class FieldCollector {
  readonly #values = new Map<string, SpreadSample<unknown>>()

  addRecord(record: unknown): void {
    if (record !== null && typeof record === 'object' && !Array.isArray(record))
      this.#addMembers('', record, 0)
  }

  list(): FieldSample[] {
    return [...this.#values].map(([name, { values }]) => ({ name, values }))
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
      let values = this.#values.get(path)
      if (!values && this.#values.size < MAX_SAMPLED_FIELDS) {
        values = new SpreadSample(SAMPLED_VALUES)
        this.#values.set(path, values)
      }
      values?.add(() => value)
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
