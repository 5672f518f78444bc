import type { ImportProfile } from '@timeskein/model'
import type { Query } from '@timeskein/query'
import type { EventStore, SearchRequest } from '../event-store.ts'
import { makeBatch } from './make-batch.ts'

/** Name of the index that tests put their events in, unless they need several. */
export const TEST_INDEX: string = 'a'.repeat(32)
/** A second index; its events' ids are told from the first one's. */
export const OTHER_INDEX: string = 'b'.repeat(32)

/** One import of a test's events. */
export interface Given {
  readonly rows: readonly (object | string)[]
  readonly index?: string
  readonly timelineId?: number
  readonly profile?: Partial<ImportProfile>
  /** Rows of each batch handed over. @default all */
  readonly batchRows?: number
}

let lastImport = 0

/** Imports rows; the index is made if there is none. */
export async function importRows(store: EventStore, given: Given): Promise<void> {
  const { rows, index = TEST_INDEX, timelineId = 1, profile, batchRows = rows.length } = given
  await store.createIndex(index)
  await using transaction = await store.beginImport({
    index,
    timelineId,
    importId: (++lastImport).toString(16).padStart(32, '0'),
    profile: { aliases: profile?.aliases ?? {}, constants: profile?.constants ?? {} },
    skipKnownRows: false,
  })
  for (let start = 0; start < rows.length; start += Math.max(1, batchRows)) {
    await transaction.append(makeBatch(rows.slice(start, start + batchRows), start))
  }
  await transaction.commit()
}

/** Asks for events over the test's index, oldest first; what is given wins. */
export function askFor(query: Query, changes: Partial<SearchRequest> = {}): SearchRequest {
  return { scope: [{ index: TEST_INDEX }], query, sort: 'asc', size: 1000, ...changes }
}

/** The `n` of each event that answers, in the order of the page: tests number their rows so. */
export async function findNumbers(
  store: EventStore,
  query: Query,
  changes: Partial<SearchRequest> = {},
): Promise<number[]> {
  const { events } = await store.search(askFor(query, changes))
  return events.map(({ source }) => JSON.parse(source).n)
}
