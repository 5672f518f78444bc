import { Listing, type Page } from '../paging/listing.ts'
import { type TimeRange, toTimestamp } from '../paging/time-input.ts'
import { cutWindows } from './windows.ts'

/** A place in a list over several windows. */
interface Place {
  readonly window: number
  readonly anchor: string | undefined
}

/** A window as it is asked for; the last one in time has no end where the caller gave none. */
export interface AskedWindow {
  readonly start: string
  readonly end: string | undefined
}

/** The platform answers 30 days in one list at most (security events, audit log). */
const MAX_WINDOW_MS = 30 * 86_400_000

/**
 * A list over any stretch of time, of calls that answer 30 days at most: window after window, as one.
 *
 * @param read - Asks for a page of a window.
 * @throws {RangeError} For a stretch without a start, or one that ends before it starts.
 */
export function listByWindows<Item>(
  what: string,
  range: TimeRange,
  order: 'asc' | 'desc',
  read: (window: AskedWindow, anchor: string | undefined) => Promise<Page<Item>>,
): Listing<Item, unknown> {
  const nowMs = Date.now()
  const windows = toWindows(range, order, nowMs)
  return new Listing<Item, Place>(what, async (place = { window: 0, anchor: undefined }) => {
    const { items, next } = await read(windows[place.window]!, place.anchor)
    if (next !== undefined) {
      // The same anchor again would be a list without an end: the same place tells it.
      return { items, next: next === place.anchor ? place : { window: place.window, anchor: next } }
    }
    const window = place.window + 1
    return { items, next: window < windows.length ? { window, anchor: undefined } : undefined }
  }) as Listing<Item, unknown>
}

function toWindows(range: TimeRange, order: 'asc' | 'desc', nowMs: number): readonly AskedWindow[] {
  if (range.start === undefined) throw new RangeError('a list by times needs its start')
  const start = toTimestamp(range.start, nowMs)
  const end = range.end === undefined ? undefined : toTimestamp(range.end, nowMs)
  const whole = { startMs: Date.parse(start), endMs: end === undefined ? nowMs : Date.parse(end) }
  if (end !== undefined && whole.endMs < whole.startMs)
    throw new RangeError(`a list by times ends (${end}) before it starts (${start})`)
  // A little less than the platform allows: its own clock measures a window that is open at its end.
  const windows = cutWindows(whole, MAX_WINDOW_MS - 60_000, order)
  if (windows.length === 0) return [{ start, end }]
  return windows.map(({ startMs, endMs }) => ({
    start: startMs === whole.startMs ? start : new Date(startMs).toISOString(),
    end: endMs === whole.endMs ? end : new Date(endMs).toISOString(),
  }))
}
