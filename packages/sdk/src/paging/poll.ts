import { waitMs } from '../transport/wait.ts'
import { type CursorStore, memoryCursor } from './cursor-store.ts'
import type { Page } from './listing.ts'
import {
  addToTimeCursor,
  advanceTimeCursor,
  printTimeCursor,
  type ReadItem,
  readTimeCursor,
  type TimeCursor,
} from './time-cursor.ts'
import { type DurationInput, readDuration, type TimeInput, toTimestamp } from './time-input.ts'

/** How something is polled. */
export interface PollOptions {
  /** Where to begin when there is no cursor. @default now */
  readonly since?: TimeInput | undefined
  /** Between two looks, when the one before brought everything. @default '1m' */
  readonly every?: DurationInput | undefined
  /** Where to go on: the text of a batch, or what keeps it. It stands above `since`. */
  readonly cursor?: string | CursorStore | undefined
  /** How late an item may be written after its own time without being missed. @default '30s' */
  readonly overlap?: DurationInput | undefined
  /** Ends when everything that is there was read, instead of waiting for more. @default false */
  readonly once?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** Items that came together. */
export interface PollBatch<Item> {
  /** In the order they came; each of them for the first time. */
  readonly items: readonly Item[]
  /** Where to go on when these items are kept: store both at once, and a crash neither loses nor doubles one. */
  readonly cursor: string
  /** Nothing more was there at the moment. */
  readonly isCaughtUp: boolean
}

/** What can be polled by its times. */
export interface TimeFeed<Item> {
  /** All items from a moment on, which belongs to them. */
  list(since: string, signal: AbortSignal | undefined): { pages(): AsyncIterable<Page<Item, unknown>> }
  /** The time by which it lists, RFC 3339. */
  readTime(item: Item): string
  /** Where it does not list the oldest first: the cursor moves on at the end of a look only. @default false */
  readonly isUnordered?: boolean
  /** One item told twice has one key; one that has changed has another. */
  readKey(item: Item): string
}

/**
 * Brings what is new, again and again, each item once: also when several have the same time, when one is written late, and when the
 * program ends and goes on later with its cursor.
 *
 * Walked item by item, the cursor is saved when the item after the last of a batch is asked for: a program that dies before gets the
 * batch once more. Whoever cannot have that walks `batches()`.
 */
export class Poll<Item> implements AsyncIterable<Item> {
  readonly #feed: TimeFeed<Item>
  readonly #options: PollOptions

  constructor(feed: TimeFeed<Item>, options: PollOptions = {}) {
    this.#feed = feed
    this.#options = options
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    const store = this.#store()
    for await (const { items, cursor } of this.#read(store)) {
      yield* items
      await store.save(cursor)
    }
  }

  /** Batch by batch, as pages come; empty ones are left out but for the last of a look. Saving the cursor is the caller's. */
  batches(): AsyncGenerator<PollBatch<Item>, void, undefined> {
    return this.#read(this.#store())
  }

  #store(): CursorStore {
    const { cursor } = this.#options
    return typeof cursor === 'object' ? cursor : memoryCursor(cursor)
  }

  async *#read(store: CursorStore): AsyncGenerator<PollBatch<Item>, void, undefined> {
    const { once = false, signal } = this.#options
    const everyMs = readDuration(this.#options.every ?? '1m')
    let cursor = beginAt(await store.load(), this.#options.since)
    for (;;) {
      for await (const batch of this.#look(cursor)) {
        cursor = batch.next
        if (batch.items.length > 0 || batch.isCaughtUp) {
          const { items, isCaughtUp } = batch
          yield { items, cursor: printTimeCursor(cursor), isCaughtUp }
        }
      }
      if (once) return
      await waitMs(everyMs, signal)
    }
  }

  async *#look(
    start: TimeCursor,
  ): AsyncGenerator<{ items: readonly Item[]; next: TimeCursor; isCaughtUp: boolean }, void, undefined> {
    const overlapMs = readDuration(this.#options.overlap ?? '30s')
    const { signal } = this.#options
    let cursor = start
    for await (const page of this.#feed.list(start.since, signal).pages()) {
      signal?.throwIfAborted()
      const fresh: Item[] = []
      const facts: ReadItem[] = []
      const known = new Set(cursor.seen.keys())
      for (const item of page.items) {
        const key = this.#feed.readKey(item)
        if (known.has(key)) continue
        known.add(key)
        fresh.push(item)
        facts.push({ key, time: this.#feed.readTime(item) })
      }
      const isCaughtUp = page.next === undefined
      cursor = addToTimeCursor(cursor, facts)
      const last = page.items.at(-1)
      if (isCaughtUp) cursor = advanceTimeCursor(cursor, { overlapMs, nowMs: Date.now() })
      else if (!this.#feed.isUnordered && last !== undefined)
        cursor = advanceTimeCursor(cursor, {
          overlapMs,
          nowMs: Date.now(),
          reached: this.#feed.readTime(last),
        })
      yield { items: fresh, next: cursor, isCaughtUp }
    }
  }
}

function beginAt(kept: string | undefined, since: TimeInput | undefined): TimeCursor {
  if (kept !== undefined) return readTimeCursor(kept)
  const start = toTimestamp(since ?? 'now')
  return { since: start, latest: start, seen: new Map() }
}
