import { readOffset } from '../core/log-clock.ts'
import type { LogFormat } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'
import { type LinePart, splitsBetweenLines } from './line-parts.ts'

/** Kubernetes, "CRI: Log format": time, stream, tags (`P` is a part of a line, `F` its end), text. */
const ENTRY =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d) (stdout|stderr) ([PF](?::\S*)?)(?: |$)/

/** Logs of containers as Kubernetes' runtimes write them; parts of a line are put together. Names are those of Plaso's `cri:container:log:entry`. */
export const CRI_FORMAT: LogFormat = {
  name: 'cri',
  title: "containers' logs of Kubernetes (CRI: containerd, CRI-O)",
  recognisedBy: 'a time, stdout or stderr, and P or F',
  description: 'Content Modification Time',
  isOfItsPlace: true,
  constants: {
    data_type: 'cri:container:log:entry',
    source_short: 'CRI',
    source_long: 'Container Runtime Interface Container Log',
  },
  matches: ({ lines }) => areMostly(lines, (line) => ENTRY.test(line)),
  splits: splitsBetweenLines(readPart),
  open: ({ sink, clock }) => {
    /** What was begun of each stream. */
    const begun = new Map<string, { readonly datetime: string; readonly line: number; text: string }>()
    const keep = (stream: string, flags: string, datetime: string, text: string, line: number): void =>
      sink.keep(
        {
          datetime,
          stream,
          flags,
          message_body: text,
          message: `Stream: ${stream} Flags: ${flags} Message: ${text}`,
        },
        line,
      )
    return {
      read(line, number) {
        const match = ENTRY.exec(line)
        if (!match) return false
        const [all, year, month, day, hour, minute, second, fraction = '', zone, stream, flags] = match
        const offset = readOffset(zone!) ?? 0
        const datetime = clock.offset(+year!, +month!, +day!, +hour!, +minute!, +second!, fraction, offset)
        if (datetime === undefined) {
          sink.reject(number, 'bad-time', `found a time that is none: ${line.slice(0, 32)}`, line)
          return true
        }
        const text = line.slice(all.length)
        const first = begun.get(stream!)
        if (flags!.startsWith('P')) {
          if (first) first.text += text
          else begun.set(stream!, { datetime, line: number, text })
          return true
        }
        begun.delete(stream!)
        keep(stream!, flags!, first?.datetime ?? datetime, (first?.text ?? '') + text, first?.line ?? number)
        return true
      },
      end() {
        for (const [stream, { datetime, line, text }] of begun) {
          sink.note('unfinished', line)
          keep(stream, 'P', datetime, text, line)
        }
      },
    }
  },
}

function readPart(line: string): LinePart {
  const match = ENTRY.exec(line)
  return { stream: match?.[9], isLast: match?.[10]?.startsWith('F') ?? false }
}
