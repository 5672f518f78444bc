/** Milliseconds since 1970, the end exclusive. */
export interface TimeWindow {
  readonly startMs: number
  readonly endMs: number
}

/**
 * Cuts a stretch of time into pieces that the platform answers, in the order they are to be read.
 *
 * @param maxMs - Length of a piece at most.
 */
export function cutWindows(whole: TimeWindow, maxMs: number, order: 'asc' | 'desc'): readonly TimeWindow[] {
  const windows: TimeWindow[] = []
  for (let startMs = whole.startMs; startMs < whole.endMs; startMs += maxMs)
    windows.push({ startMs, endMs: Math.min(startMs + maxMs, whole.endMs) })
  return order === 'asc' ? windows : windows.reverse()
}
