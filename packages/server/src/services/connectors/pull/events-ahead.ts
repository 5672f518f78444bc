import { type PlatformKind, planPlatformItems } from '@timeskein/ingest/platforms'
import type { PreparedStretch } from '../../../import/threads/prepare-stretch.ts'
import type { StretchPool } from '../../../import/threads/stretch-pool.ts'
import type { BatchItem } from './pull-batch.ts'
import type { ReadItems } from './read-items.ts'

/** Has events made of items in a thread: all of a sort are one text, so that what it took to read the first of them is there for the next. */
export function readEvents(
  pool: StretchPool,
  kind: PlatformKind,
  items: readonly BatchItem[],
): Promise<PreparedStretch> {
  return pool.run({
    textId: `items ${kind.name}`,
    settings: planPlatformItems(kind),
    bytes: new TextEncoder().encode(items.map(({ json }) => json).join('\n')),
    startLine: 1,
    place: 'top',
    isLast: true,
  })
}

/**
 * Events of items that may all be new, made while what came before them is stored: only then it is known which are. To be disposed
 * of; what was not taken is thrown away.
 */
export class EventsAhead implements Disposable {
  readonly #pool: StretchPool
  readonly #made = new Map<string, { readonly count: number; readonly events: Promise<PreparedStretch> }>()

  constructor(pool: StretchPool, { groups }: ReadItems) {
    this.#pool = pool
    for (const { kind, items } of groups) {
      if (items.size === 0) continue
      const events = readEvents(pool, kind, [...items.values()])
      // Whoever takes them hears of a failure.
      events.catch(() => undefined)
      this.#made.set(kind.name, { count: items.size, events })
    }
  }

  /** The events of items of a sort; undefined where they are not all that came of it. */
  take(kind: string, fresh: readonly BatchItem[]): Promise<PreparedStretch> | undefined {
    const made = this.#made.get(kind)
    if (made?.count !== fresh.length) return undefined
    this.#made.delete(kind)
    return made.events
  }

  [Symbol.dispose](): void {
    for (const { events } of this.#made.values())
      events.then(
        ({ batches }) => {
          for (const { batch } of batches) this.#pool.takeBack(batch)
        },
        () => undefined,
      )
    this.#made.clear()
  }
}
