/** Dates as Timesketch writes them; every input is milliseconds since 1970. */

/** A model's date: naive UTC ISO 8601, six fraction digits unless they are zero (`2024-01-31T12:00:00.678000`). */
export function modelDate(atMs: number): string {
  const text = new Date(atMs).toISOString()
  const seconds = text.slice(0, -5)
  const millis = text.slice(-4, -1)
  return millis === '000' ? seconds : `${seconds}.${millis}000`
}

/** A model's date with a space instead of `T`, as Python's `str(datetime)` writes it. */
export function spacedDate(atMs: number): string {
  return modelDate(atMs).replace('T', ' ')
}

/** An HTTP date (RFC 9110, section 5.6.7), as Flask's JSON writes dates that no model marshals. */
export function httpDate(atMs: number): string {
  return new Date(atMs).toUTCString()
}
