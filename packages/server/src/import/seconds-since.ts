/** Seconds from a moment of `performance.now()` until now, to the millisecond. */
export function secondsSince(startMs: number): number {
  return roundSeconds((performance.now() - startMs) / 1000)
}

export function roundSeconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
