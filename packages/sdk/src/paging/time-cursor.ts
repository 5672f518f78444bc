import { ConfigError } from '../errors/config-error.ts'

/** How far a poll by times has come. */
export interface TimeCursor {
  /** Everything before this moment was read; RFC 3339. */
  readonly since: string
  /** Time of the newest item that was read, which is `since` or after it. */
  readonly latest: string
  /** Keys of items from `since` on that were read, with their times: they come again and are left out. */
  readonly seen: ReadonlyMap<string, string>
}

const VERSION = 1

/** A cursor as text, to be kept. It grows with the items of one moment, and shrinks again. */
export function printTimeCursor({ since, latest, seen }: TimeCursor): string {
  return JSON.stringify({ v: VERSION, since, latest, seen: [...seen].map(([key, time]) => [time, key]) })
}

/** @throws {ConfigError} For a text that `printTimeCursor` did not make. */
export function readTimeCursor(text: string): TimeCursor {
  try {
    const { v, since, latest, seen } = JSON.parse(text) as Record<string, unknown>
    if (v === VERSION && typeof since === 'string' && typeof latest === 'string' && Array.isArray(seen))
      return { since, latest, seen: new Map(seen.map(([time, key]) => [String(key), String(time)])) }
  } catch (error) {
    throw new ConfigError(describeBad(text), {}, { cause: error })
  }
  throw new ConfigError(describeBad(text))
}

function describeBad(text: string): string {
  return `the cursor of a poll was expected, found ${JSON.stringify(text.slice(0, 60))}; begin anew with since`
}

/** An item that was read. */
export interface ReadItem {
  readonly key: string
  readonly time: string
}

/** The cursor that knows more items, and stays where it is. */
export function addToTimeCursor(cursor: TimeCursor, items: readonly ReadItem[]): TimeCursor {
  let { latest } = cursor
  const seen = new Map(cursor.seen)
  for (const { key, time } of items) {
    seen.set(key, time)
    if (isBefore(latest, time)) latest = time
  }
  return { since: cursor.since, latest, seen }
}

/**
 * The cursor moved up to the newest item that it knows: everything before was read.
 *
 * Items of one moment may come in two answers, and what is written late may have a time a little before what was read already:
 * `since` stays behind by `overlapMs` as long as the newest item is that near to now, and at the newest item's time else.
 *
 * @param options.reached - How far a list that goes on has come: what comes after it must still be known.
 */
export function advanceTimeCursor(
  cursor: TimeCursor,
  options: { readonly overlapMs: number; readonly nowMs: number; readonly reached?: string | undefined },
): TimeCursor {
  const { latest } = cursor
  const overlapMs = Math.max(0, Date.parse(latest) - (options.nowMs - options.overlapMs))
  const wanted = overlapMs === 0 ? latest : new Date(Date.parse(latest) - overlapMs).toISOString()
  const { reached } = options
  const behind = reached !== undefined && isBefore(reached, wanted) ? reached : wanted
  const since = isBefore(behind, cursor.since) ? cursor.since : behind
  const seen = new Map([...cursor.seen].filter(([, time]) => !isBefore(time, since)))
  return { since, latest, seen }
}

/** Compares times of RFC 3339 in UTC, whatever digits of a second they have. */
function isBefore(one: string, other: string): boolean {
  const gap = Date.parse(one) - Date.parse(other)
  if (gap !== 0 || one === other) return gap < 0
  return readFraction(one) < readFraction(other)
}

function readFraction(time: string): string {
  return (/\.(\d+)/.exec(time)?.[1] ?? '').padEnd(9, '0')
}
