import { getPlatformKind, type PlatformKind, planPlatformItems } from '@timeskein/ingest/platforms'
import type { PreparedStretch } from '../../../import/threads/prepare-stretch.ts'
import type { StretchPool } from '../../../import/threads/stretch-pool.ts'
import type { BatchItem, PullBatch } from './pull-batch.ts'

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

/** Events of a batch's new items, made while what came before is stored. To be disposed of; what was not taken is thrown away. */
export class EventsAhead implements Disposable {
  readonly #pool: StretchPool
  readonly #made = new Map<string, Promise<PreparedStretch>>()

  constructor(pool: StretchPool, { groups }: Pick<PullBatch, 'groups'>) {
    this.#pool = pool
    for (const { kind, fresh } of groups) {
      if (fresh.length === 0) continue
      const events = readEvents(pool, getPlatformKind(kind), fresh)
      // Whoever takes them hears of a failure.
      events.catch(() => undefined)
      this.#made.set(kind, events)
    }
  }

  /** The events of the new items of a sort, once; undefined where there are none. */
  take(kind: string): Promise<PreparedStretch> | undefined {
    const made = this.#made.get(kind)
    this.#made.delete(kind)
    return made
  }

  [Symbol.dispose](): void {
    for (const events of this.#made.values())
      events.then(
        ({ batches }) => {
          for (const { batch } of batches) this.#pool.takeBack(batch)
        },
        () => undefined,
      )
    this.#made.clear()
  }
}
