import { readPlatformItem } from '@timeskein/ingest/platforms'
import type { StoredEvent } from '@timeskein/model'
import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { ThreadJob } from '../../db/write-thread/thread-job.ts'
import type { EntryPlace, PlatformEntry } from './platform-entry.ts'
import { storePlatformEntries } from './store-platform-entries.ts'

/** Events, some of which may be of items of platforms. */
interface ImportedItems {
  readonly events: readonly Pick<StoredEvent, 'id' | 'index' | 'source'>[]
  readonly place: EntryPlace
}

export const STORE_IMPORTED_ITEMS: ThreadJob<ImportedItems> = {
  module: import.meta.url,
  work: storeImportedItems,
}

/** Makes the alerts, incidents and devices of items of platforms among events. */
export async function storeImportedItems(
  db: Transaction<Schema>,
  { events, place }: ImportedItems,
): Promise<void> {
  const entries = events.flatMap(({ id, index, source }): PlatformEntry[] => {
    const item = readPlatformItem(JSON.parse(source) as Record<string, unknown>)
    return item ? [{ ...item, event: { index, id } }] : []
  })
  if (entries.length > 0) await storePlatformEntries(db, entries, place)
}
