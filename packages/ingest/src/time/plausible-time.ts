/** Numbers are taken for times only between these, in seconds since 1970: 1980 and 2100. */
const PLAUSIBLE_FROM = 315_532_800
const PLAUSIBLE_TO = 4_102_444_800

/** Whether a number that was read as a time, in seconds since 1970, is more likely one than a count or an identifier. */
export function isPlausibleTime(seconds: number): boolean {
  return seconds >= PLAUSIBLE_FROM && seconds < PLAUSIBLE_TO
}
