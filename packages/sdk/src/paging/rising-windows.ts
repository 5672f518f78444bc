import type { Page } from './listing.ts'

const DAY_MS = 86_400_000
/** A window with items is followed by one of this length, an empty one by one of twice its own, up to the longest. */
const WINDOW_MS = 7 * DAY_MS
const MAX_WINDOW_MS = 365 * DAY_MS

/** A list that gives the newest first, or in no order. */
export interface WindowPlan<Item> {
  /** RFC 3339. */
  readonly since: string
  /** The first moment after what is wanted, RFC 3339: the last stretch ends there. Undefined: it has no end. */
  readonly until?: string | undefined
  /** Pages of the items of a stretch of time; both ends may belong to it. */
  list(from: string, until: string | undefined): AsyncIterable<{ readonly items: readonly Item[] }>
  /** The time by which it lists. */
  readTime(item: Item): string | number | undefined
}

/** Items of a window, or its end. */
export interface WindowPage<Item> extends Page<Item, true> {
  /** All that was written before this moment was read with it; undefined within a window, and where none has a time. */
  readonly reached: string | undefined
}

/**
 * Walks a list by times from the oldest to the newest, window after window: whoever ends within a window begins this one again, and no
 * other. How far it has come the items say: the clock of this machine only says where windows need no end.
 *
 * @throws {RangeError} A beginning or an end that is no time.
 */
export async function* readRisingWindows<Item>({
  since,
  until: end,
  list,
  readTime,
}: WindowPlan<Item>): AsyncGenerator<WindowPage<Item>, void, undefined> {
  const endMs = end === undefined ? Infinity : readTimeMs(end)
  const lastMs = Math.min(Date.now(), endMs)
  let fromMs = readTimeMs(since)
  if (fromMs >= endMs) {
    yield { items: [], next: undefined, reached: undefined }
    return
  }
  let lengthMs = WINDOW_MS
  for (;;) {
    const untilMs = fromMs + lengthMs
    const isLast = untilMs >= lastMs
    let count = 0
    let newestMs = -Infinity
    const until = isLast ? end : new Date(untilMs).toISOString()
    for await (const { items } of list(new Date(fromMs).toISOString(), until)) {
      count += items.length
      for (const item of items) {
        const ms = item === null ? Number.NaN : Number(new Date(readTime(item) ?? Number.NaN))
        if (ms > newestMs) newestMs = ms
      }
      yield { items, next: true, reached: undefined }
    }
    const reached = newestMs > -Infinity ? new Date(newestMs).toISOString() : undefined
    yield { items: [], next: isLast ? undefined : true, reached }
    if (isLast) return
    lengthMs = count === 0 ? Math.min(lengthMs * 2, MAX_WINDOW_MS) : WINDOW_MS
    fromMs = untilMs
  }
}

function readTimeMs(text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new RangeError(`a time in RFC 3339 was expected, found ${JSON.stringify(text)}`)
  return ms
}
