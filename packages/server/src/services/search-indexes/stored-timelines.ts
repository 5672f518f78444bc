import { type EventStore, isStoreError, type TimelineInfo } from '@timeskein/store'

/**
 * The timelines that an index has events of. None where the store has no such index: it was lost, or a crash came between its removal
 * and that of its record.
 */
export async function describeStoredTimelines(
  store: Pick<EventStore, 'describeTimelines'>,
  indexName: string,
): Promise<readonly TimelineInfo[]> {
  return (await ignoringGone(store.describeTimelines(indexName))) ?? []
}

/** Undefined where the store has no such index. */
export async function ignoringGone<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work
  } catch (error) {
    if (isStoreError(error) && error.code === 'no-index') return undefined
    throw error
  }
}
