/**
 * Hours east of UTC of zone abbreviations, in lower case: those of RFC 5322 and the ones that logs have with one meaning, as the server's
 * importer takes them. (dateutil takes every abbreviation but UTC and GMT for no zone.)
 */
const ABBREVIATIONS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    z: 0,
    zulu: 0,
    utc: 0,
    gmt: 0,
    ut: 0,
    wet: 0,
    est: -5,
    edt: -4,
    cst: -6,
    cdt: -5,
    mst: -7,
    mdt: -6,
    pst: -8,
    pdt: -7,
    akst: -9,
    akdt: -8,
    hst: -10,
    west: 1,
    bst: 1,
    cet: 1,
    cest: 2,
    mez: 1,
    mesz: 2,
    eet: 2,
    eest: 3,
    msk: 3,
    ist: 5.5,
    sgt: 8,
    hkt: 8,
    jst: 9,
    kst: 9,
    aest: 10,
    aedt: 11,
    nzst: 12,
    nzdt: 13,
  }),
)
/** Only these stand before an offset: `GMT+0100`. */
const UNIVERSAL = /^(?:utc?|gmt)$/
const MAX_HOURS = 18

/**
 * Seconds east of UTC.
 *
 * @param name - An abbreviation. @param offset - `+2`, `+02`, `+0200` or `+02:00`. None of both is UTC.
 * @returns Why there is none, where one of both is not known.
 */
export function readZoneOffset(name: string | undefined, offset: string | undefined): number | string {
  const hours = name === undefined ? 0 : ABBREVIATIONS.get(name.toLowerCase())
  if (hours === undefined) return `the zone ${JSON.stringify(name)} is not known`
  if (offset === undefined) return hours * 3600
  if (name !== undefined && !UNIVERSAL.test(name.toLowerCase())) return `${name} and ${offset} are two zones`
  const digits = offset.slice(1).replace(':', '')
  const minutes = digits.length > 2 ? Number(digits.slice(-2)) : 0
  const whole = Number(digits.length > 2 ? digits.slice(0, -2) : digits)
  if (whole > MAX_HOURS || minutes > 59) return `the zone offset ${offset} is beyond ${MAX_HOURS} hours`
  return (offset.startsWith('-') ? -1 : 1) * (whole * 3600 + minutes * 60)
}
