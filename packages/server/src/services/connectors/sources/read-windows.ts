import type { PlatformKind } from '@timeskein/ingest/platforms'
import type { SourcePage } from './platform-source.ts'

const DAY_MS = 86_400_000
/** A window with items is followed by one of this length, an empty one by one of twice its own, up to the longest. */
const WINDOW_MS = 7 * DAY_MS
const MAX_WINDOW_MS = 365 * DAY_MS

/** What a list that gives the newest first is walked by. */
export interface WindowPlan<Item> {
  readonly kind: PlatformKind
  readonly since: string
  /** Pages of the items of a stretch of time; both ends may belong to it. */
  list(from: string, until: string): AsyncIterable<{ readonly items: readonly Item[] }>
}

/**
 * Walks a list that gives the newest first, window after window from the oldest: where a pull ends within a window it begins this one
 * again, and no other.
 */
export async function* readWindows<Item>({
  kind,
  since,
  list,
}: WindowPlan<Item>): AsyncGenerator<SourcePage> {
  const nowMs = Date.now()
  let fromMs = Date.parse(since)
  let lengthMs = WINDOW_MS
  while (fromMs < nowMs) {
    const untilMs = Math.min(fromMs + lengthMs, nowMs)
    const until = new Date(untilMs).toISOString()
    let count = 0
    for await (const { items } of list(new Date(fromMs).toISOString(), until)) {
      count += items.length
      yield { groups: [{ kind, records: items }], upTo: undefined }
    }
    yield { groups: [], upTo: until }
    lengthMs = count === 0 ? Math.min(lengthMs * 2, MAX_WINDOW_MS) : WINDOW_MS
    fromMs = untilMs
  }
}
