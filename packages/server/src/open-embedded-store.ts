import { type EventStore, openDuckDbStore } from '@timeskein/store'

/** Opens the embedded event store in a directory. */
export async function openEmbeddedStore(directory: string): Promise<EventStore> {
  return await openDuckDbStore({ directory })
}
