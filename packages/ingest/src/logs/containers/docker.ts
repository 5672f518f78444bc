import type { LogFormat } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'
import { nameOwnFields } from '../core/own-fields.ts'
import { type LinePart, splitsBetweenLines } from './line-parts.ts'

/** A line of Docker's `json-file` driver; members that it has beside these stay, called `docker_…` where every event has such a field. */
interface DockerEntry {
  readonly log: string
  readonly stream: string
  readonly time: string
}

/** A line whose text ends with a line feed: what follows is another one of its stream. */
const ENDS_LINE = /[^\\](?:\\\\)*\\n","(?:stream|attrs|time)"/
const STREAM = /"stream":"(\w+)"/

/**
 * Logs of containers as Docker's `json-file` driver writes them. It cuts long lines into parts, of which only the last ends with a line
 * feed; they are put together. Names are Docker's own; those of Plaso's `docker:container:log:entry` stand for them.
 */
export const DOCKER_FORMAT: LogFormat = {
  name: 'docker',
  title: "containers' logs of Docker (json-file)",
  recognisedBy: 'JSON lines of a log, a stream and a time',
  description: 'Content Modification Time',
  isOfItsPlace: true,
  constants: {
    data_type: 'docker:container:log:entry',
    source_short: 'DOCKER',
    source_long: 'Docker Container Log',
  },
  aliases: { message_body: 'log', log_source: 'stream' },
  joins: false,
  matches: ({ lines }) => areMostly(lines, (line) => Boolean(readEntry(line))),
  splits: splitsBetweenLines(readPart),
  splitsByLineEnds: true,
  open: ({ sink, clock }) => {
    /** What was begun of each stream. */
    const begun = new Map<
      string,
      { readonly entry: DockerEntry; readonly datetime: string; readonly line: number; text: string }
    >()
    const keep = (entry: DockerEntry, datetime: string, log: string, line: number): void =>
      sink.keep(
        { ...nameOwnFields(entry, 'docker'), log, datetime, message: log.replace(/\r?\n$/, '') },
        line,
      )
    return {
      read(line, number) {
        const entry = readEntry(line)
        if (entry === null) {
          const detail = 'expected a JSON object with a log, a stream and a time, found what is none'
          sink.reject(number, 'bad-record', detail, line)
          return true
        }
        if (entry === undefined) return false
        const datetime = clock.read(entry.time)
        if (datetime === undefined) {
          sink.reject(number, 'bad-time', `found a time that is none: ${entry.time.slice(0, 48)}`, line)
          return true
        }
        const first = begun.get(entry.stream)
        if (!entry.log.endsWith('\n')) {
          if (first) first.text += entry.log
          else begun.set(entry.stream, { entry, datetime, line: number, text: entry.log })
          return true
        }
        begun.delete(entry.stream)
        if (first) keep(first.entry, first.datetime, first.text + entry.log, first.line)
        else keep(entry, datetime, entry.log, number)
        return true
      },
      end() {
        for (const { entry, datetime, line, text } of begun.values()) {
          sink.note('unfinished', line)
          keep(entry, datetime, text, line)
        }
      },
    }
  },
}

function readPart(line: string): LinePart {
  return { stream: STREAM.exec(line)?.[1], isLast: ENDS_LINE.test(line) }
}

/** Undefined for what is another kind of line, null for an object that is broken. */
function readEntry(line: string): DockerEntry | null | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const entry = JSON.parse(line)
    const { log, stream, time } = entry
    const isEntry = typeof log === 'string' && typeof stream === 'string' && typeof time === 'string'
    return isEntry ? entry : undefined
  } catch {
    return null
  }
}
