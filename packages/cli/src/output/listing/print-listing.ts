import { formatCsvHeader, formatCsvLine } from '@timeskein/model'
import { type ExactJson, stringifyExactJson } from '@timeskein/sdk'
import { readChoice } from '../../arguments.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { formatTable } from '../table.ts'
import { formatGrid, formatPlain } from './draw.ts'
import { LISTING_FORMATS, type ListingFormat } from './formats.ts'

/** One line of a list: values by column. */
export type ListingRow = Readonly<Record<string, ExactJson | undefined>>

/** The format a command line asks for; `--json` is one too. */
export function readListingFormat(call: CommandCall): ListingFormat {
  if (call.flag('json')) return 'json'
  return readChoice(call, 'format', LISTING_FORMATS) ?? 'table'
}

/**
 * Prints a list in the format that is asked for. For people, values are one line of text each; for programs they are what they are.
 *
 * @param columns - Which values, in which order; `json` and `jsonl` have all of a row.
 */
export async function printListing(
  rows: readonly ListingRow[],
  columns: readonly string[],
  call: CommandCall,
  effects: Effects,
): Promise<void> {
  const format = readListingFormat(call)
  const hasHeader = !call.flag('no-header')
  const cells = (): string[][] => rows.map((row) => columns.map((column) => toCell(row[column])))
  switch (format) {
    case 'json':
      return await effects.writeData(`${stringifyExactJson(rows)}\n`)
    case 'jsonl':
      return await effects.writeData(rows.map((row) => `${stringifyExactJson(row)}\n`).join(''))
    case 'csv': {
      const header = hasHeader ? formatCsvHeader(columns) : ''
      return await effects.writeData(header + cells().map(formatCsvLine).join(''))
    }
    case 'text':
      return await effects.writeOut(formatPlain(columns, cells(), hasHeader))
    case 'tabular':
      return await effects.writeOut(formatGrid(columns, cells(), hasHeader))
    case 'table':
      return await effects.writeOut(formatTable(columns, cells(), { width: effects.columns, color: false }))
    default:
      return format satisfies never
  }
}

function toCell(value: ExactJson | undefined): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',')
  return typeof value === 'string' ? value : stringifyExactJson(value)
}
