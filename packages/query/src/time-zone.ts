/** Where a zone's clock stands against UTC: minutes are not enough for old zones, so milliseconds east of UTC. */
export type OffsetAt = (utcMs: number) => number

/**
 * Finds a zone by IANA name (`Europe/Zurich`), `UTC`, `Z`, or offset (`+01:00`, `-0530`, `+2`).
 *
 * @returns The zone's offset at an instant, or undefined for a name nobody knows.
 */
export function findTimeZone(name: string): OffsetAt | undefined {
  if (name === 'Z' || name === 'UTC' || name === 'GMT') return () => 0
  const offset = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?(?::?([0-5]\d))?$/.exec(name)
  if (offset !== null) {
    const [, sign, hours, minutes = '0', seconds = '0'] = offset
    if (Number(hours) > 18) return undefined
    const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
    return () => (sign === '-' ? -ms : ms)
  }
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return undefined
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      timeZoneName: 'longOffset',
      year: 'numeric',
    })
    return rememberDays((utcMs) => readOffset(format, utcMs))
  } catch {
    // RangeError: the runtime's zone table does not have the name.
    return undefined
  }
}

/**
 * The instant at which a zone's clocks show a local time. Of two (autumn) the earlier, of none (spring) later by the gap, as
 * Java's `ZonedDateTime` and so OpenSearch.
 *
 * @param localMs - The local time as if it were UTC, in milliseconds since 1970.
 */
export function localToUtcMs(localMs: number, offsetAt: OffsetAt): number {
  const before = offsetAt(localMs - 86_400_000)
  const after = offsetAt(localMs + 86_400_000)
  if (before === after || offsetAt(localMs - before) === before) return localMs - before
  if (offsetAt(localMs - after) === after) return localMs - after
  return localMs - before
}

const DAY_MS = 86_400_000
const MAX_DAYS = 20_000

/** Asking `Intl` takes a thousand times as long as a look-up: a day that begins and ends with one offset has it throughout. */
function rememberDays(offsetAt: OffsetAt): OffsetAt {
  const days = new Map<number, number | undefined>()
  return (utcMs) => {
    const day = Math.floor(utcMs / DAY_MS)
    if (!days.has(day)) {
      if (days.size >= MAX_DAYS) days.clear()
      const offset = offsetAt(day * DAY_MS)
      days.set(day, offset === offsetAt((day + 1) * DAY_MS) ? offset : undefined)
    }
    return days.get(day) ?? offsetAt(utcMs)
  }
}

function readOffset(format: Intl.DateTimeFormat, utcMs: number): number {
  if (Math.abs(utcMs) > 8.64e15) return 0
  const name = format.formatToParts(utcMs).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const found = /([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name)
  if (found === null) return 0
  const [, sign, hours, minutes, seconds = '0'] = found
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  return sign === '-' ? -ms : ms
}
