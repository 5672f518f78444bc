import { extname } from 'node:path'
import { FIELD_MAP_EXAMPLE, listNamedFields, parseFieldMap, readConstant } from '@timeskein/model'
import type { SendFileOptions } from '@timeskein/sdk'
import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'

/** Which columns stand for Timesketch's own, as its form of upload has it. */
export type HeadersMapping = NonNullable<SendFileOptions['headersMapping']>

/**
 * What `--map` says, for the form.
 *
 * @param columns - Of the file: a column of that very name goes before several that are joined by `+`.
 * @throws {CliError} For what is no map.
 */
export function makeHeadersMapping(text: string, columns: readonly string[]): HeadersMapping {
  const { map, badPair } = parseFieldMap(text)
  if (!map)
    throw new CliError(`--map takes pairs such as ${FIELD_MAP_EXAMPLE}; found "${badPair}"`, EXIT.usage)
  const isColumn = (name: string): boolean => columns.includes(name)
  return Object.entries(map).map(([name, choice]) => {
    const target = name === 'time' ? 'datetime' : name
    const constant = isColumn(choice) ? undefined : readConstant(choice)
    return constant === undefined
      ? { target, source: listNamedFields(choice, isColumn) }
      : { target, source: null, default_value: constant }
  })
}

/** @throws {CliError} Where a file has no columns to be mapped. */
export function requireColumns(path: string): void {
  if (extname(path).toLowerCase() !== '.plaso') return
  throw new CliError(`--map is for CSV and JSON lines: the fields of ${path} are known`, EXIT.usage)
}
