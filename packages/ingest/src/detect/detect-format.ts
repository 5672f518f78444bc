import type { Buffer } from 'node:buffer'
import type { CsvLayout } from '../csv/csv-dialect.ts'
import { type CsvLayoutOptions, detectCsvLayout } from '../csv/csv-layout.ts'
import { sampleLog } from '../logs/core/log-sample.ts'
import { hasDatedLines } from '../logs/lines/lines.ts'
import type { FieldSample } from '../schemas/mapping.ts'
import { detectJson, type JsonShape } from './detect-json.ts'
import { nameUnreadFormat } from './magic-numbers.ts'
import { sampleCsvFields, sampleJsonFields } from './sample-fields.ts'

/** What a text was recognised as. */
export type DetectedFormat =
  | {
      readonly kind: 'json'
      readonly name: 'jsonl' | 'json'
      readonly shape: JsonShape
      readonly fields: FieldSample[]
    }
  | {
      readonly kind: 'csv'
      readonly name: CsvLayout['format']
      readonly layout: CsvLayout
      readonly fields: FieldSample[]
    }

/** What is known beforehand. */
export interface DetectOptions {
  /** Take it for this format instead of looking. */
  readonly format?: 'csv' | 'jsonl' | 'json'
  readonly csv?: CsvLayoutOptions
}

/** Share of control characters above which a sample is no text. */
const MAX_CONTROL_SHARE = 0.05

/**
 * Tells a text's format by its content.
 *
 * @param sample - The beginning of the text, UTF-8 without byte order mark.
 * @param isWhole - The sample is the whole text.
 * @returns Undefined when it is none of the formats that are read.
 */
export function detectFormat(
  sample: Buffer,
  isWhole: boolean,
  options: DetectOptions = {},
): DetectedFormat | undefined {
  const { format } = options
  if (format === undefined && (sample.length === 0 || nameUnreadFormat(sample) || !isText(sample)))
    return undefined
  if (format !== 'csv') {
    const shape = format === 'jsonl' ? { kind: 'lines' as const } : detectJson(sample, isWhole)
    if (shape) return describeJson(sample, shape, isWhole)
    if (format === 'json') return describeJson(sample, { kind: 'documents' }, isWhole)
  }
  const csv = { isTable: format === 'csv', ...options.csv, isWhole }
  const layout = detectCsvLayout(sample, csv, () => hasDatedLines(sampleLog(sample, isWhole)))
  if (!layout) return undefined
  return { kind: 'csv', name: layout.format, layout, fields: sampleCsvFields(sample, layout, { isWhole }) }
}

function describeJson(sample: Buffer, shape: JsonShape, isWhole: boolean): DetectedFormat {
  const name = shape.kind === 'lines' ? 'jsonl' : 'json'
  return { kind: 'json', name, shape, fields: sampleJsonFields(sample, shape, { isWhole }) }
}

function isText(sample: Buffer): boolean {
  const end = Math.min(sample.length, 64 * 1024)
  let controls = 0
  for (let at = 0; at < end; at++) {
    const byte = sample[at]!
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b) controls++
  }
  return controls <= end * MAX_CONTROL_SHARE
}
