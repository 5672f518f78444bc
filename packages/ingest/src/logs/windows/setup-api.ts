import type { LogClock } from '../core/log-clock.ts'
import type { LogContext, LogFormat, LogReader, LogTime } from '../core/log-format.ts'

const TITLE = /^>>> {2}\[(.+)\]$/
const START = /^>>> {2}Section start (.+)$/
const END = /^<<< {2}Section end (.+)$/
const STATUS = /^<<< {2}\[Exit status: (.+)\]$/
const BOOT = /^\[Boot Session: (.+)\]$/
const TIME = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/

interface Section {
  readonly title: string
  readonly number: number
  /** All of its lines. */
  readonly lines: string[]
  start: string | undefined
  end: string | undefined
  status: string | undefined
}

/**
 * Windows' log of device and driver installations (`setupapi.dev.log`, since Vista), in the host's clock: an event for the beginning
 * of each section and one for its end, with all of its lines, and one for each start of the system. What stands before the first of
 * them belongs to that.
 *
 * Format: Microsoft Learn, "Format of a Text Log Header", "Format of a Text Log Section Header" and "… Footer" (SetupAPI text logs).
 */
export const SETUP_API_FORMAT: LogFormat = {
  name: 'setup-api',
  title: "log of Windows' device installations (setupapi.dev.log)",
  recognisedBy: '">>>  [...]" and ">>>  Section start"',
  description: 'Start Time',
  constants: { data_type: 'windows:setupapi:log:line', source_short: 'LOG', source_long: 'SetupAPI Log' },
  joins: false,
  matches: ({ lines }) =>
    /^(?:\[|>>> {2}\[)/.test(lines[0]!) &&
    lines.some((line) => TITLE.test(line)) &&
    lines.some((line) => START.test(line)),
  splits: (lines, at) => TITLE.test(lines[at]!) || BOOT.test(lines[at]!),
  open: openReader,
}

function openReader({ sink, clock }: LogContext): LogReader {
  let section: Section | undefined
  /** Lines that belong to no section yet. */
  let loose: string[] = []
  let looseNumber = 0
  const takeLoose = (): string => {
    const text = loose.join('\n')
    loose = []
    return text === '' ? '' : `\n${text}`
  }
  const finish = (): void => {
    if (section === undefined) return
    const { title, number, lines, start, end, status } = section
    section = undefined
    const times = describeTimes(start && readTime(start, clock), end && readTime(end, clock))
    if (times.length === 0) {
      const detail = `expected the time at which ${JSON.stringify(title.slice(0, 100))} starts or ends, found ${JSON.stringify(start ?? end ?? 'none')}`
      sink.reject(
        number,
        start === undefined && end === undefined ? 'no-time' : 'bad-time',
        detail,
        lines.join('\n'),
      )
    } else {
      const message = `${title}${status === undefined ? '' : `: ${status}`}`
      const message_body = lines.join('\n') + takeLoose()
      sink.keepEach(times, { entry_type: title, exit_status: status, message, message_body }, number)
    }
  }
  const keepBoot = (line: string, text: string, number: number): void => {
    const datetime = readTime(text, clock)
    if (datetime === undefined)
      sink.reject(number, 'bad-time', `expected a time, found ${JSON.stringify(text)}`, line)
    else
      sink.keep(
        { datetime, entry_type: 'Boot Session', message: 'Boot Session', message_body: line + takeLoose() },
        number,
      )
  }
  return {
    read(line, number) {
      const title = TITLE.exec(line)
      const boot = BOOT.exec(line)
      if (title || boot) finish()
      if (title)
        section = {
          title: title[1]!,
          number,
          lines: [line],
          start: undefined,
          end: undefined,
          status: undefined,
        }
      else if (boot) keepBoot(line, boot[1]!, number)
      else if (section === undefined) {
        if (loose.length === 0) looseNumber = number
        loose.push(line)
      } else {
        section.lines.push(line)
        section.start ??= START.exec(line)?.[1]
        section.end ??= END.exec(line)?.[1]
        section.status ??= STATUS.exec(line)?.[1]
        if (section.status !== undefined) finish()
      }
      return true
    },
    end() {
      finish()
      if (loose.length === 0) return
      const detail = 'expected a section, or a start of the system, behind these lines; found the end'
      sink.reject(looseNumber, 'no-time', detail, takeLoose().slice(1))
    },
  }
}

/** Equal times are one event. */
function describeTimes(start: string | undefined, end: string | undefined): LogTime[] {
  if (start && start === end) return [{ datetime: start, timestamp_desc: 'Start Time; End Time' }]
  return [
    ...(start ? [{ datetime: start, timestamp_desc: 'Start Time' }] : []),
    ...(end ? [{ datetime: end, timestamp_desc: 'End Time' }] : []),
  ]
}

function readTime(text: string, clock: LogClock): string | undefined {
  const match = TIME.exec(text.trim())
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number)
  return clock.local(year!, month!, day!, hour!, minute!, second!, match[7])
}
