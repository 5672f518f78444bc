/** 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z in seconds since 1970. */
const LEAST_SECONDS = -62_167_219_200
const MOST_SECONDS = 253_402_300_799

/** Whether a number of seconds since 1970 is a time that ISO 8601 writes with four digits of the year: from the year 0 to 9999. */
export function isCalendarSeconds(seconds: number): boolean {
  return seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS
}
