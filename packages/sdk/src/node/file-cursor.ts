import type { CursorStore } from '../paging/cursor-store.ts'
import { readIfThere, writePrivately } from './private-file.ts'

/**
 * Keeps a cursor in a file that only its owner may read, written whole or not at all.
 *
 * @example
 * for await (const event of elements.securityEvents.poll({ since: '7d', cursor: fileCursor('events.cursor') })) …
 */
export function fileCursor(path: string): CursorStore {
  return {
    async load() {
      const bytes = await readIfThere(path)
      return bytes && new TextDecoder().decode(bytes)
    },
    save: (cursor) => writePrivately(path, cursor),
  }
}
