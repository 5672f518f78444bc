import { waitMs } from '../transport/wait.ts'
import { type CursorStore, memoryCursor } from './cursor-store.ts'
import type { Page } from './listing.ts'
import { readTimeCursor, TimeCursor } from './time-cursor.ts'
import { type DurationInput, readDuration, type TimeInput, toTimestamp } from './time-input.ts'

/** How something is polled. */
export interface PollOptions {
  /** Where to begin when there is no cursor. @default now */
  readonly since?: TimeInput | undefined
  /** Between two looks, when the one before brought everything. @default '1m' */
  readonly every?: DurationInput | undefined
  /** Where to go on: the text of a batch, or what keeps it. It stands above `since`. */
  readonly cursor?: string | CursorStore | undefined
  /** How late an item may be written after newer ones without being missed. @default '30s' */
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

/** A page of what is polled. */
export interface FeedPage<Item> extends Page<Item, unknown> {
  /** Of a list in no order: all before this moment was read with it. RFC 3339. */
  readonly reached?: string | undefined
}

/** What can be polled by its times. */
export interface TimeFeed<Item> {
  /** All items from a moment on, which belongs to them. */
  list(since: string, signal: AbortSignal | undefined): { pages(): AsyncIterable<FeedPage<Item>> }
  /** The time by which it lists, RFC 3339; the cursor does not move by one that has none, or something else. */
  readTime(item: Item): string | undefined
  /** Where it does not list the oldest first: the cursor moves on with pages that say how far it is, and at the end of a look. @default false */
  readonly isUnordered?: boolean
  /** One item told twice has one key; one that has changed has another. One without a key comes as often as it is listed. */
  readKey(item: Item): string | undefined
  /** Milliseconds behind the newest item for which items are known, where they come again later than that. @default the overlap */
  readonly keepMs?: number
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
    const cursor = beginAt(await store.load(), this.#options.since)
    for (;;) {
      for await (const { items, isCaughtUp, text } of this.#look(cursor))
        if (items.length > 0 || isCaughtUp)
          yield {
            items,
            isCaughtUp,
            get cursor() {
              return text()
            },
          }
      if (once) return
      await waitMs(everyMs, signal)
    }
  }

  async *#look(
    cursor: TimeCursor,
  ): AsyncGenerator<
    { readonly items: readonly Item[]; readonly isCaughtUp: boolean; readonly text: () => string },
    void,
    undefined
  > {
    const overlapMs = readDuration(this.#options.overlap ?? '30s')
    const { signal } = this.#options
    const { keepMs, isUnordered = false } = this.#feed
    for await (const page of this.#feed.list(cursor.since, signal).pages()) {
      signal?.throwIfAborted()
      const facts = page.items.map((item) => this.#describe(item))
      const fresh = new Set(cursor.add(facts.filter(hasKey)))
      const items = facts.flatMap((fact) => (!hasKey(fact) || fresh.has(fact) ? [fact.item] : []))
      const isCaughtUp = page.next === undefined
      const reached = isUnordered ? page.reached : facts.findLast(({ time }) => time !== undefined)?.time
      if (isCaughtUp) cursor.advance({ overlapMs, keepMs, nowMs: Date.now() })
      else if (reached !== undefined) cursor.advance({ overlapMs, keepMs, nowMs: Date.now(), reached })
      yield { items, isCaughtUp, text: cursor.takeText() }
    }
  }

  /** What is in none of the platform's shapes is passed on, too: it has neither key nor time. */
  #describe(item: Item): Fact<Item> {
    const time = read(() => this.#feed.readTime(item))
    return {
      item,
      key: read(() => this.#feed.readKey(item)),
      time: Number.isNaN(Date.parse(time ?? '')) ? undefined : time,
    }
  }
}

interface Fact<Item> {
  readonly item: Item
  readonly key: string | undefined
  readonly time: string | undefined
}

function hasKey<Item>(fact: Fact<Item>): fact is Fact<Item> & { readonly key: string } {
  return fact.key !== undefined
}

function read(member: () => string | undefined): string | undefined {
  try {
    return member()
  } catch (error) {
    // An item that is null, or whose time is no time.
    if (error instanceof TypeError || error instanceof RangeError) return undefined
    throw error
  }
}

/** The options of a poll, apart from what else a call was given. */
export function splitPollOptions<Options extends PollOptions>({
  since,
  every,
  cursor,
  overlap,
  once,
  signal,
  ...rest
}: Options): { readonly poll: PollOptions; readonly rest: Omit<Options, keyof PollOptions> } {
  return { poll: { since, every, cursor, overlap, once, signal }, rest }
}

function beginAt(kept: string | undefined, since: TimeInput | undefined): TimeCursor {
  if (kept !== undefined) return readTimeCursor(kept)
  const start = toTimestamp(since ?? 'now')
  return new TimeCursor(start)
}
