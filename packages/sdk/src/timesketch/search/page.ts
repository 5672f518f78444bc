import type { ExactJson } from '../../transport/exact-json.ts'
import { readFlat, readMeta } from '../wire/envelope.ts'
import { readNumber, readOptionalText, readRecord, readText, type WireRecord } from '../wire/record.ts'

/** What names an event: events that were found are such references too. */
export interface EventRef {
  readonly id: string
  /** The index it lies in, by its name in the datastore. */
  readonly index: string
}

/** An event that was found. */
export interface FoundEvent extends EventRef {
  /** Its fields, those asked for; `label` holds the labels it has in this sketch. */
  readonly fields: WireRecord
}

/** One answer of a search. */
export interface SearchPage {
  readonly events: readonly FoundEvent[]
  /** Events that match. Without scrolling a server may count no further than 10,000. */
  readonly total: number
  /** Events that match, exact; 0 where the answer does not say. */
  readonly exactTotal: number
  readonly tookMs: number
  readonly countByTimeline: Readonly<Record<string, number>>
  readonly countByIndex: Readonly<Record<string, number>>
  /** How many in each stretch of time: `data` by epoch milliseconds, `interval` such as `1d`. */
  readonly countOverTime: { readonly interval: string; readonly data: Readonly<Record<string, number>> }
  readonly timelineNames: Readonly<Record<string, string>>
  /** Why the answer is not whole, where a server says so; undefined when it is. */
  readonly incompleteReason: string | undefined
  /** Asks for the page after this one; undefined when there was no scrolling. */
  readonly scrollId: string | undefined
  /** Everything the server said besides the events. */
  readonly meta: WireRecord
}

export function toPage(answer: ExactJson): SearchPage {
  const meta = readMeta(answer)
  const histogram = readRecord(meta, 'count_over_time')
  return {
    events: readFlat(answer).map(toFoundEvent),
    total: readNumber(meta, 'es_total_count'),
    exactTotal: readNumber(meta, 'es_total_count_complete'),
    tookMs: readNumber(meta, 'es_time'),
    countByTimeline: readNumbers(meta, 'count_per_timeline'),
    countByIndex: readNumbers(meta, 'count_per_index'),
    countOverTime: { interval: readText(histogram, 'interval'), data: readNumbers(histogram, 'data') },
    timelineNames: readTextMap(meta, 'timeline_names'),
    incompleteReason: readOptionalText(meta, 'incomplete_reason'),
    scrollId: readOptionalText(meta, 'scroll_id'),
    meta,
  }
}

function toFoundEvent(hit: WireRecord): FoundEvent {
  return { id: readText(hit, '_id'), index: readText(hit, '_index'), fields: readRecord(hit, '_source') }
}

function readNumbers(record: WireRecord, name: string): Readonly<Record<string, number>> {
  const entries = Object.entries(readRecord(record, name)).map(
    ([key, value]) => [key, Number(value)] as const,
  )
  return Object.fromEntries(entries)
}

function readTextMap(record: WireRecord, name: string): Readonly<Record<string, string>> {
  const entries = Object.entries(readRecord(record, name)).map(
    ([key, value]) => [key, String(value)] as const,
  )
  return Object.fromEntries(entries)
}
