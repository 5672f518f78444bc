/** A time that a value may mean. */
export interface ReadTime {
  /** ISO 8601 with milliseconds. */
  readonly iso: string
  /** Of which clock it is. */
  readonly title: string
}

/** Milliseconds from 1601 (Windows, WebKit) to 1970. */
const EPOCH_1601_MS = 11_644_473_600_000
/** Between these years a number is held to be a time. */
const FIRST_MS: number = Date.UTC(2000, 0)
const LAST_MS: number = Date.UTC(2050, 0)
/** 100-nanosecond intervals from 1582-10-15 to 1970 (RFC 9562, section 5.1). */
const UUID_EPOCH = 122_192_928_000_000_000n

/** Times that a value may mean: numbers of the clocks in use, and those inside UUIDs. */
export function readTimes(value: string): readonly ReadTime[] {
  const uuid = /^([0-9a-f]{8})-([0-9a-f]{4})-([17])([0-9a-f]{3})-[0-9a-f]{4}-[0-9a-f]{12}$/i.exec(value)
  if (uuid) {
    const [, low, middle, version, high] = uuid
    const atMs =
      version === '7'
        ? Number.parseInt(`${low}${middle}`, 16)
        : Number((BigInt(`0x${high}${middle}${low}`) - UUID_EPOCH) / 10_000n)
    return list(atMs, `Time of a UUID, version ${version} (RFC 9562)`)
  }
  if (!/^\d{9,18}(\.\d{1,9})?$/.test(value)) return []
  const number = Number(value)
  return [
    ...list(number * 1000, 'Seconds since 1970'),
    ...list(number, 'Milliseconds since 1970'),
    ...list(number / 1000, 'Microseconds since 1970'),
    ...list(number / 1000 - EPOCH_1601_MS, 'Microseconds since 1601 (WebKit)'),
    ...list(number / 10_000 - EPOCH_1601_MS, '100 nanoseconds since 1601 (Windows)'),
  ]
}

function list(atMs: number, title: string): readonly ReadTime[] {
  return atMs >= FIRST_MS && atMs < LAST_MS ? [{ iso: new Date(atMs).toISOString(), title }] : []
}
