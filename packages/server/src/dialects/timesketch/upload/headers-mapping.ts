import type { ImportReading } from '../../../import/import-service.ts'
import { abort } from '../errors.ts'
import { asObject } from '../request.ts'

/** Headers that a mapping makes at most; a form may be large, and each costs time in every row. */
export const MAX_MAPPED_HEADERS = 100

/** Columns that a mapping names at most, for all headers together. */
export const MAX_MAPPED_COLUMNS = 200

/**
 * How rows are read, from the form's `headersMapping` and `delimiter` (Timesketch 20261014: lib/utils.py).
 *
 * @throws {WireError} 400 for a mapping that is wrong whatever the file has.
 */
export function readReading(fields: ReadonlyMap<string, string>): ImportReading {
  const delimiter = fields.get('delimiter')
  if (delimiter !== undefined && delimiter !== '' && [...delimiter].length !== 1) {
    abort(400, 'Unable to upload file. The delimiter needs to be one character')
  }
  const plasoFilter = fields.get('plaso_event_filter')
  const { columns, constants } = readMapping(readEntries(fields.get('headersMapping')))
  return {
    ...(columns.size > 0 ? { map: Object.fromEntries(columns) } : {}),
    ...(constants.size > 0 ? { constants: Object.fromEntries(constants) } : {}),
    ...(delimiter ? { delimiter } : {}),
    ...(plasoFilter ? { plasoFilter } : {}),
  }
}

/** What a mapping says: columns and constants by the header that they stand for. */
interface HeadersMapping {
  readonly columns: ReadonlyMap<string, readonly string[]>
  readonly constants: ReadonlyMap<string, string>
}

function readMapping(entries: readonly Readonly<Record<string, unknown>>[]): HeadersMapping {
  const columns = new Map<string, readonly string[]>()
  const constants = new Map<string, string>()
  for (const entry of entries) {
    const target = entry['target']
    if (typeof target !== 'string' || target === '') refuse('Each entry needs a target')
    const sources = readSources(target, entry['source'])
    if (sources.length > 0) columns.set(target, sources)
    else constants.set(target, readDefault(target, entry['default_value']))
  }
  if (columns.size + constants.size > MAX_MAPPED_HEADERS)
    refuse(`At most ${MAX_MAPPED_HEADERS} headers can be mapped (MAX_MAPPED_HEADERS)`)
  if ([...columns.values()].flat().length > MAX_MAPPED_COLUMNS)
    refuse(`At most ${MAX_MAPPED_COLUMNS} columns can be named (MAX_MAPPED_COLUMNS)`)
  const single = [...columns.values()].filter(({ length }) => length === 1).flat()
  if (new Set(single).size < single.length)
    refuse('2 or more mandatory headers are mapped to the same existing CSV headers')
  return { columns, constants }
}

/** The columns of an entry; none where its default value counts. */
function readSources(target: string, source: unknown): readonly string[] {
  if (source === null || source === undefined || source === '') return []
  const sources: readonly unknown[] = Array.isArray(source) ? source : [source]
  if (sources.every((name) => typeof name === 'string')) return sources
  return refuse(`${target} needs to be mapped to names of columns`)
}

function readDefault(target: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  return refuse(
    `Error to create new column ${target}. When create a new column, a default value must be assigned`,
  )
}

function readEntries(text: string | undefined): readonly Readonly<Record<string, unknown>>[] {
  if (!text || text === 'null') return []
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    refuse('JSON text was expected')
  }
  if (value === null) return []
  if (!Array.isArray(value)) refuse('A list was expected')
  return value.map((item) => asObject(item) ?? refuse('A list of objects was expected'))
}

function refuse(problem: string): never {
  return abort(400, `Headers mapping is wrong.\n${problem}`)
}
