import type { LogFormat } from '../core/log-format.ts'

/** Lines above a place that are looked at: the parts of one line are written at once, a stream that says nothing for longer has ended its line. */
const LINES_LOOKED_BACK = 300

/** What a line of a container's log is a part of. */
export interface LinePart {
  /** Undefined where the line is none that a runtime wrote. */
  readonly stream: string | undefined
  /** What follows in the stream is another line. */
  readonly isLast: boolean
}

/** Cuts where no stream is in the middle of a line: runtimes write the parts of both streams among one another. */
export function splitsBetweenLines(readPart: (line: string) => LinePart): NonNullable<LogFormat['splits']> {
  return (lines, at) => {
    if (!readPart(lines[at - 1]!).isLast) return false
    const streams = new Set<string>()
    for (let above = at - 1; above >= Math.max(0, at - LINES_LOOKED_BACK); above--) {
      const { stream, isLast } = readPart(lines[above]!)
      if (stream === undefined || streams.has(stream)) continue
      if (!isLast) return false
      streams.add(stream)
    }
    return true
  }
}
