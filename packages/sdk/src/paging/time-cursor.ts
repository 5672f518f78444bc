import { ConfigError } from '../errors/config-error.ts'

/** An item that was read. */
export interface ReadItem {
  readonly key: string
  /** RFC 3339; undefined where the item has none. */
  readonly time: string | undefined
}

interface Seen {
  readonly key: string
  readonly time: string
}

const VERSION = 1
/** Items before the place where a cursor is that are forgotten together. */
const FORGOTTEN_AT_ONCE = 1000

/**
 * How far a poll by times has come: a moment before which everything was read, and the items from there on that were, which come again
 * and are left out. It is changed as items are read; each addition costs the same, however many are known.
 */
export class TimeCursor {
  #since: string
  #latest: string
  /** What was read, in its order, an item that came again once more; up to `#from` it is forgotten. */
  #log: Seen[]
  #from = 0
  #times: Map<string, string>

  /** @param since - RFC 3339. @param latest - Time of the newest item that was read. */
  constructor(since: string, latest: string = since, seen: ReadonlyMap<string, string> = new Map()) {
    this.#since = since
    this.#latest = latest
    this.#times = new Map(seen)
    this.#log = [...seen].map(([key, time]) => ({ key, time }))
  }

  /** Everything before this moment was read; RFC 3339. */
  get since(): string {
    return this.#since
  }

  /** Notes items, also those that were read before. @returns Those that were not. */
  add<Item extends ReadItem>(items: readonly Item[]): readonly Item[] {
    return items.filter(({ key, time = this.#latest }) => {
      const before = this.#times.get(key)
      if (before !== time) {
        this.#times.set(key, time)
        this.#log.push({ key, time })
      }
      if (isBefore(this.#latest, time)) this.#latest = time
      return before === undefined
    })
  }

  /**
   * Moves up to the newest item that it knows: everything before was read.
   *
   * Items of one moment may come in two answers, and what is written late may have a time before what was read already: it stays behind
   * the newest item by `overlapMs`, and behind now where an item's time is yet to come. The clock of this machine takes it no further
   * than items do.
   *
   * @param options.reached - How far a list that goes on has come: what comes after it must still be known.
   * @param options.keepMs - Items are known for so long behind the newest one. @default the overlap
   */
  advance(options: {
    readonly overlapMs: number
    readonly nowMs: number
    readonly reached?: string | undefined
    readonly keepMs?: number | undefined
  }): void {
    const { overlapMs, nowMs, reached, keepMs = 0 } = options
    const newest = Math.min(Date.parse(this.#latest), nowMs)
    const isExact = overlapMs === 0 && newest === Date.parse(this.#latest)
    const wanted = isExact ? this.#latest : toTime(newest - overlapMs)
    const behind = reached !== undefined && isBefore(reached, wanted) ? reached : wanted
    if (isBefore(this.#since, behind)) this.#since = behind
    const kept = toTime(newest - keepMs)
    const until = isBefore(kept, this.#since) && keepMs > 0 ? kept : this.#since
    if (reached === undefined) this.#forgetAll(until)
    else this.#forgetFirst(until)
  }

  /** What is known now, as text, to be kept: made when it is asked for, also when the cursor has gone on since. */
  takeText(): () => string {
    const [since, latest, log, from, end] = [
      this.#since,
      this.#latest,
      this.#log,
      this.#from,
      this.#log.length,
    ]
    return () => {
      const seen = new Map<string, string>()
      for (let place = from; place < end; place++) seen.set(log[place]!.key, log[place]!.time)
      return JSON.stringify({ v: VERSION, since, latest, seen: [...seen].map(([key, time]) => [time, key]) })
    }
  }

  /** Within a look that goes on, what came first goes first; what stands behind a newer item stays with it. */
  #forgetFirst(until: string): void {
    let from = this.#from
    for (; from < this.#log.length && isBefore(this.#log[from]!.time, until); from++) {
      const { key, time } = this.#log[from]!
      if (this.#times.get(key) === time) this.#times.delete(key)
    }
    this.#from = from
    if (from < Math.max(FORGOTTEN_AT_ONCE, this.#log.length / 2)) return
    // A new one: texts that are to be made have the old one.
    this.#log = this.#log.slice(from)
    this.#from = 0
  }

  #forgetAll(until: string): void {
    this.#times = new Map([...this.#times].filter(([, time]) => !isBefore(time, until)))
    this.#log = [...this.#times].map(([key, time]) => ({ key, time }))
    this.#from = 0
  }
}

/** @throws {ConfigError} For a text that no cursor made. */
export function readTimeCursor(text: string): TimeCursor {
  try {
    const { v, since, latest, seen } = JSON.parse(text) as Record<string, unknown>
    if (v === VERSION && typeof since === 'string' && typeof latest === 'string' && Array.isArray(seen))
      return new TimeCursor(since, latest, new Map(seen.map(([time, key]) => [String(key), String(time)])))
  } catch (error) {
    throw new ConfigError(describeBad(text), {}, { cause: error })
  }
  throw new ConfigError(describeBad(text))
}

function describeBad(text: string): string {
  return `the cursor of a poll was expected, found ${JSON.stringify(text.slice(0, 60))}; begin anew with since`
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
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
