import type { ThreadOutcome } from '../../../db/write-thread/thread-job.ts'
import { addCounts, NO_COUNTS } from '../connector-rows.ts'
import type { PullCounts } from '../connector-service.ts'
import { applyBatch, hasItems } from './apply-batch.ts'
import { writeBatch } from './batch-text.ts'
import type { ConnectorTimeline } from './connector-timeline.ts'
import { EventsAhead } from './events-ahead.ts'
import { makeBatch } from './make-batch.ts'
import { loadBatch, noteBatch } from './note-batch.ts'
import type { PullBatch, StreamCursors } from './pull-batch.ts'
import type { PullPlace } from './pull-place.ts'
import { type ReadItems, shareItems } from './read-items.ts'

/** A batch with what can be made of it before it is its turn. */
interface BatchInWaiting extends Disposable {
  readonly batch: PullBatch
  readonly text: string
  readonly events: EventsAhead
}

/** Stores the batches of a pull one after the other, while more is read; while one is stored, the next one is made ready. */
export class BatchQueue {
  readonly #place: PullPlace
  readonly #timeline: ConnectorTimeline
  readonly #onStored: (outcome: ThreadOutcome) => void
  #counts = NO_COUNTS
  #storing: Promise<void> = Promise.resolve()
  /** What is being stored; undefined while nothing is. */
  #current: ReadItems | undefined

  /** @param onStored - Called after each batch of what was read. */
  constructor(place: PullPlace, timeline: ConnectorTimeline, onStored: (outcome: ThreadOutcome) => void) {
    this.#place = place
    this.#timeline = timeline
    this.#onStored = onStored
  }

  /** Of all that was stored. */
  get counts(): PullCounts {
    return this.#counts
  }

  get isStoring(): boolean {
    return this.#current !== undefined
  }

  /** Stores what a pull that was cut off had written down. */
  async finishLast(): Promise<void> {
    const { context, connector } = this.#place
    const batch = await loadBatch(context.db, connector.uid)
    if (!batch) return
    const timeline = hasItems(batch) ? await this.#timeline.choose() : undefined
    const { counts } = await applyBatch(this.#place, batch, timeline)
    this.#counts = addCounts(this.#counts, counts)
  }

  /**
   * Has what was read stored. One at a time: resolves when it is its turn.
   *
   * @throws What kept the one before from being stored; this one is not, then.
   */
  async add(items: ReadItems, cursors: StreamCursors): Promise<void> {
    const before = this.#current
    using undo = new DisposableStack()
    let next = undo.use(await this.#makeReady(items, cursors))
    await this.#storing
    // What was known of an item while it was being stored is not what is known now.
    if (before && shareItems(before, items)) next = undo.use(await this.#makeReady(items, cursors))
    const kept = undo.move()
    this.#current = items
    const storing = this.#store(next).finally(() => {
      this.#current = undefined
      kept.dispose()
    })
    // Whoever waits for it hears of a failure; until then it is no unhandled one.
    storing.catch(() => undefined)
    this.#storing = storing
  }

  /** Resolves when all that was added is stored. @throws What kept it from that. */
  async end(): Promise<void> {
    await this.#storing
  }

  async #makeReady(items: ReadItems, cursors: StreamCursors): Promise<BatchInWaiting> {
    const { context, pool, connector } = this.#place
    const batch = await makeBatch(context.db, connector.uid, items, cursors)
    const events = new EventsAhead(pool, batch)
    return { batch, text: writeBatch(batch), events, [Symbol.dispose]: () => events[Symbol.dispose]() }
  }

  async #store({ batch, text, events }: BatchInWaiting): Promise<void> {
    const { context, connector } = this.#place
    const timeline = hasItems(batch) ? await this.#timeline.choose() : undefined
    const noted = timeline ? noteBatch(context, connector.uid, batch, text) : Promise.resolve()
    // Whoever stores the batch hears of a failure; until then it is no unhandled one.
    noted.catch(() => undefined)
    const { counts, hasHeldUp } = await applyBatch(this.#place, batch, timeline, { text, noted, events })
    this.#counts = addCounts(this.#counts, counts)
    this.#onStored({ hasHeldUp })
  }
}
