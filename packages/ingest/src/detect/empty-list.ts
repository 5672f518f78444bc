import type { Buffer } from 'node:buffer'
import type { Mapping } from '../schemas/mapping.ts'
import type { JsonShape } from './detect-json.ts'

/** What the fields of a list without elements mean. */
export const EMPTY_LIST: Mapping = {
  schema: 'generic',
  times: [{ fields: ['datetime'], description: 'Event Time' }],
  allTimes: [{ fields: ['datetime'], description: 'Event Time' }],
  timeZone: 'UTC',
  dayFirst: undefined,
  profile: { aliases: {}, constants: {} },
  reason: 'the list of events is empty',
}

/**
 * Whether a JSON text is a whole list without elements, as APIs reply where there is nothing new. Other texts without events are not
 * known to be meant so.
 *
 * @param sample - The beginning of the text; of such a list all of it.
 */
export function isEmptyList(sample: Buffer, shape: JsonShape): boolean {
  if (shape.kind !== 'array' && shape.kind !== 'wrapped') return false
  try {
    const value = JSON.parse(sample.toString('utf8')) as unknown
    // Of an object no other list has elements, which might be the events.
    const lists = shape.kind === 'array' ? [value] : Object.values(value as object).filter(Array.isArray)
    return lists.every((list) => Array.isArray(list) && list.length === 0)
  } catch {
    // Cut off, more than one value, or longer than the sample: it is read as any other.
    return false
  }
}
