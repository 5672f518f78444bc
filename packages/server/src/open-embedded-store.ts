import { type EventStore, openDuckDbStore } from '@timeskein/store'
import type { Logger } from 'pino'

/**
 * Opens the embedded event store in a directory.
 *
 * @param log - Where it says what it does without. @default nowhere
 */
export async function openEmbeddedStore(directory: string, log?: Logger): Promise<EventStore> {
  return await openDuckDbStore({ directory, onTrouble: (message, err) => log?.warn({ err }, message) })
}
