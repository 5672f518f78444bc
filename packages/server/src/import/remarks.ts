import type { UnreadTimes } from '@timeskein/ingest'

/** Fields whose unread times are told by name; of a table of thousands of columns no one reads more. */
const MAX_FIELDS_TOLD = 20

/** A sentence about lines with bytes that are no UTF-8; none where there are none. */
export function describeBadLines(count: number): string[] {
  if (count === 0) return []
  const lines =
    count === 1
      ? '1 line held bytes that are no UTF-8; it is'
      : `${count} lines held bytes that are no UTF-8; they are`
  return [`${lines} kept with U+FFFD in their place.`]
}

/**
 * Sentences, one for each field, about times that could not be read in rows that are kept, since they have another one.
 *
 * @param isEveryTime - Each time of a row was to become an event.
 */
export function describeUnreadTimes(unread: readonly UnreadTimes[], isEveryTime: boolean): string[] {
  const told = unread.slice(0, MAX_FIELDS_TOLD).map(({ field, count, firstLine, detail }) => {
    const name = JSON.stringify(field.slice(0, 200))
    const values =
      count === 1
        ? `1 value of the time field ${name} could not be read`
        : `${count} values of the time field ${name} could not be read`
    const outcome = isEveryTime
      ? `no event was made of ${count === 1 ? 'it' : 'them'}`
      : `the ${count === 1 ? 'row has its' : 'rows have their'} time from another field`
    return `${values}, so ${outcome} (${count === 1 ? '' : 'first in '}line ${firstLine}: ${detail}).`
  })
  if (unread.length <= MAX_FIELDS_TOLD) return told
  const others = unread.slice(MAX_FIELDS_TOLD)
  const values = others.reduce((sum, { count }) => sum + count, 0)
  return [...told, `${values} values of ${others.length} more time fields could not be read.`]
}
