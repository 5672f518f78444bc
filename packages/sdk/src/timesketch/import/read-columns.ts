import { readCsvHeader } from './csv-rows.ts'
import { readJsonlRows } from './jsonl-rows.ts'
import { readText, type TextSource } from './source-text.ts'

/** What a log is written in. */
export interface LogText {
  readonly format: 'csv' | 'jsonl'
  /** Of CSV. @default ',' */
  readonly delimiter?: string | undefined
  /** A label of the Encoding Standard. @default 'utf-8' */
  readonly encoding?: string | undefined
}

/**
 * Names of the columns of a CSV file, or of the members of the first line that is a JSON object: what `chooseLogFormat` knows a log by.
 * No more is read than that; none of an empty source.
 */
export async function readColumns(source: TextSource, log: LogText): Promise<readonly string[]> {
  const text = readText(source, log.encoding)
  if (log.format === 'csv') return await readCsvHeader(text, log.delimiter)
  for await (const row of readJsonlRows(text)) if ('row' in row) return Object.keys(row.row)
  return []
}
