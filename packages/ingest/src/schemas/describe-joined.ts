import type { Mapping } from './mapping.ts'

/**
 * Says which fields of a date and of a clock time were joined, where it was not the user or a known schema that said so: the time of
 * every event stands on it.
 *
 * @returns Undefined where none were.
 */
export function describeJoined({ schema, times, allTimes }: Mapping): string | undefined {
  if (schema !== 'generic') return undefined
  const joined = new Set(
    [...times, ...allTimes].filter(({ fields }) => fields.length > 1).map(({ fields }) => show(fields)),
  )
  if (joined.size === 0) return undefined
  return `${[...joined].join('; ')} were joined to the time of the event, as date and clock; option "map" time=FIELD says otherwise.`
}

function show(fields: readonly string[]): string {
  return fields.map((field) => JSON.stringify(field.slice(0, 80))).join(' and ')
}
