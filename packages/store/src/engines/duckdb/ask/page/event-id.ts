import { StoreError } from '../../../../store-error.ts'

/** Hex digits of an index name that stand in the ids of its events. */
const INDEX_DIGITS = 8
const EVENT_ID = /^([0-9a-f]{8})_([0-9a-z]{1,7})$/

/**
 * The id of an event: the first 8 hex digits of its index, an underscore, its row number in base 36. It has no
 * character that a query language means something by, and stays the same for the event's life.
 */
export function formatEventId(index: string, seq: number): string {
  return `${index.slice(0, INDEX_DIGITS)}_${seq.toString(36)}`
}

/** What an event id says, or undefined for text that is none. The index is given by its first 8 digits. */
export function parseEventId(id: string): { readonly indexPrefix: string; readonly seq: number } | undefined {
  const match = EVENT_ID.exec(id)
  if (!match) return undefined
  const seq = Number.parseInt(match[2]!, 36)
  if (seq > 0xffff_ffff || seq.toString(36) !== match[2]) return undefined
  return { indexPrefix: match[1]!, seq }
}

/**
 * Refuses an index name that would share event ids with another one. To be asked before an index is made.
 *
 * @param index - The new name: 32 hex digits.
 * @param existing - All names in use.
 * @throws {StoreError} `bad-name` when a different name begins with the same 8 digits.
 */
export function assertDistinctEventIds(index: string, existing: Iterable<string>): void {
  for (const other of existing) {
    if (other !== index && other.slice(0, INDEX_DIGITS) === index.slice(0, INDEX_DIGITS)) {
      throw new StoreError(
        'bad-name',
        `cannot make index ${index}: index ${other} begins with the same ${INDEX_DIGITS} digits, and their events would share ids`,
      )
    }
  }
}
