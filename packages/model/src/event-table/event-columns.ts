import { type FlatEvent, ROW_NAMES, visitFields } from './event-fields.ts'

/** Columns that every event has something for; they come first. */
const BASE_COLUMNS = [...ROW_NAMES, 'datetime', 'timestamp', 'timestamp_desc', 'message', 'tag'] as const

/** Most columns of a table of all fields; what is rarer stands in the last column. */
const MAX_COLUMNS = 1000
/** The last column of a table of all fields: JSON of what has no column, or does not fit into it. */
export const OTHER_FIELDS = 'other_fields'

/**
 * The columns of a table of all fields, without the last one.
 *
 * @param fields - The most frequent first: they get the columns.
 */
export function nameColumns(fields: readonly string[]): readonly string[] {
  return [...new Set<string>([...BASE_COLUMNS, ...fields])].slice(0, MAX_COLUMNS)
}

/**
 * Parts an event's fields among columns. Fields of objects have dotted names.
 *
 * @param put - Takes a JSON text into a column; false when it does not fit.
 * @returns JSON of the fields without a column of their own; '' when all have one.
 */
export function spreadFields(
  row: FlatEvent,
  places: ReadonlyMap<string, number>,
  put: (place: number, json: string) => boolean,
): string {
  put(places.get('_id') ?? 0, JSON.stringify(row.id))
  put(places.get('timeline') ?? 1, JSON.stringify(row.timeline))
  let others = ''
  visitFields(row.members, (path, json) => {
    const place = places.get(path)
    if (place === undefined || !put(place, json))
      others += `${others === '' ? '{' : ','}${JSON.stringify(path)}:${json}`
  })
  return others === '' ? '' : `${others}}`
}
