const SECONDS_PER_DAY = 86_400
const MAX_OFFSET_SECONDS = 18 * 3600
/** Instants that `Intl` knows: those of `Date`, less a margin for the look at neighbouring days. */
const MAX_INTL_SECONDS = 8.64e12 - 10 * SECONDS_PER_DAY
const MAX_CACHED = 50_000

/**
 * Offsets in seconds of the zone abbreviations that logs are seen with. Those with several meanings have the one of
 * RFC 5322 (CST is US Central) or the most frequent one (BST is British Summer Time, IST is India).
 */
const ABBREVIATIONS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    Z: 0,
    UTC: 0,
    GMT: 0,
    UT: 0,
    UCT: 0,
    ZULU: 0,
    WET: 0,
    EST: -5,
    EDT: -4,
    CST: -6,
    CDT: -5,
    MST: -7,
    MDT: -6,
    PST: -8,
    PDT: -7,
    AKST: -9,
    AKDT: -8,
    HST: -10,
    AST: -4,
    ADT: -3,
    NST: -3.5,
    NDT: -2.5,
    BRT: -3,
    ART: -3,
    WEST: 1,
    BST: 1,
    CET: 1,
    CEST: 2,
    MET: 1,
    MEST: 2,
    MEZ: 1,
    MESZ: 2,
    EET: 2,
    EEST: 3,
    SAST: 2,
    MSK: 3,
    MSD: 4,
    TRT: 3,
    IST: 5.5,
    PKT: 5,
    ICT: 7,
    WIB: 7,
    SGT: 8,
    HKT: 8,
    AWST: 8,
    JST: 9,
    KST: 9,
    ACST: 9.5,
    ACDT: 10.5,
    AEST: 10,
    AEDT: 11,
    NZST: 12,
    NZDT: 13,
  }).map(([name, hours]) => [name, hours * 3600]),
)

/** The offset in seconds east of UTC that a zone abbreviation stands for, whatever its case; undefined when unknown. */
export function findZoneAbbreviation(name: string): number | undefined {
  return ABBREVIATIONS.get(name.toUpperCase())
}

/** Turns clock times of one zone into seconds since 1970. */
export interface ZoneClock {
  readonly name: string
  /**
   * @param localSeconds - The clock time as if it were UTC: seconds since 1970-01-01T00:00:00 on that clock, whole.
   * @returns Seconds since 1970 in UTC. A clock time that occurs twice gives the first occurrence, one that is
   *   skipped is moved forward by the gap.
   */
  toUtc(localSeconds: number): number
}

/**
 * Finds a zone by name.
 *
 * @param name - An IANA name (`Europe/Berlin`), an abbreviation (`CET`), or an offset (`+02:00`, `-0330`, `UTC+2`).
 * @returns The zone's clock; undefined when the name is not known.
 */
export function findZoneClock(name: string): ZoneClock | undefined {
  const trimmed = name.trim()
  const offset = findZoneAbbreviation(trimmed) ?? parseOffset(trimmed)
  if (offset !== undefined) return { name: trimmed, toUtc: (local) => local - offset }
  try {
    return new IntlZoneClock(trimmed)
  } catch (error) {
    // Intl's answer to a name that is no zone.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Seconds east of UTC of `+02:00`, `-0330`, `+2`, `UTC+2`, `GMT-05:00`; undefined for anything else. */
function parseOffset(text: string): number | undefined {
  const match = /^(?:UTC|GMT)?([+\-\u2212])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?$/i.exec(text)
  if (!match) return undefined
  const minutes = Number(match[3] ?? 0)
  const seconds = Number(match[2]) * 3600 + minutes * 60 + Number(match[4] ?? 0)
  if (minutes > 59 || seconds > MAX_OFFSET_SECONDS) return undefined
  return match[1] === '+' ? seconds : -seconds
}

/** A zone of the IANA database, by way of `Intl`; offsets are remembered by day, since asking takes microseconds. */
class IntlZoneClock implements ZoneClock {
  readonly name: string
  readonly #format: Intl.DateTimeFormat
  /** Offset of the days (numbered on the zone's clock) that have one all day long; NaN for those with a change. */
  readonly #days = new Map<number, number>()
  /** Results for clock times on the days with a change. */
  readonly #instants = new Map<number, number>()

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    this.name = this.#format.resolvedOptions().timeZone
  }

  toUtc(localSeconds: number): number {
    const clamped = Math.min(Math.max(localSeconds, -MAX_INTL_SECONDS), MAX_INTL_SECONDS)
    const day = Math.floor(clamped / SECONDS_PER_DAY)
    let offset = this.#days.get(day)
    if (offset === undefined) {
      offset = this.#findDayOffset(day)
      if (this.#days.size >= MAX_CACHED) this.#days.clear()
      this.#days.set(day, offset)
    }
    return Number.isNaN(offset) ? this.#resolveOnChange(localSeconds) : localSeconds - offset
  }

  #findDayOffset(day: number): number {
    const before = this.#askOffset((day - 1) * SECONDS_PER_DAY)
    const after = this.#askOffset((day + 2) * SECONDS_PER_DAY)
    return before === after ? before : Number.NaN
  }

  #resolveOnChange(localSeconds: number): number {
    const known = this.#instants.get(localSeconds)
    if (known !== undefined) return known
    const before = this.#askOffset(localSeconds - 2 * SECONDS_PER_DAY)
    const after = this.#askOffset(localSeconds + 2 * SECONDS_PER_DAY)
    const asBefore = localSeconds - before
    const asAfter = localSeconds - after
    let utc = asBefore
    if (this.#askOffset(asBefore) !== before && this.#askOffset(asAfter) === after) utc = asAfter
    if (this.#instants.size >= MAX_CACHED) this.#instants.clear()
    this.#instants.set(localSeconds, utc)
    return utc
  }

  #askOffset(utcSeconds: number): number {
    const parts = this.#format.formatToParts(utcSeconds * 1000)
    const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
    return text === 'GMT' ? 0 : (parseOffset(text) ?? 0)
  }
}
