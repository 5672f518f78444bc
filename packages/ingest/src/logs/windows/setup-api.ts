import type { Buffer } from 'node:buffer'
import type { LogClock } from '../core/log-clock.ts'
import type { LogCarry, LogContext, LogFormat, LogReader, LogTime } from '../core/log-format.ts'

const TITLE = /^>>> +\[(.+)\]$/
/** `>>>  Section start T`; Windows Vista's first releases have `>>>  T: Section start`. */
const START = /^>>> +(?:Section start (.+)|(\d.+): Section start)$/
const END = /^<<< +\[?(?:Section end (.+?)|(\d.+?): Section end)\]?$/
/** `<<<  [Exit status: SUCCESS]`, and `<<<  [Exit Status(0x00000000)]` of those. */
const STATUS = /^<<< +\[Exit [Ss]tatus(?:: (.+)|\((.+)\))\]$/
const BOOT = /^\[Boot Session: (.+)\]$/
/** A section's title as it stands in copies that lost the marks in front of it; one where a section starts on the next line. */
const BARE_TITLE = /^\[(?!Boot Session: )(.+)\]$/
const LOG_HEADER = /^\[[^\]]* Log\]$/
const HEADER_END = '[BeginLog]'
const TIME = /^(\d{4})[/-](\d\d)[/-](\d\d) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?:?$/

interface Section {
  readonly title: string
  readonly number: number
  /** All of its lines. */
  readonly lines: string[]
  start: Mark | undefined
  end: Mark | undefined
  status: string | undefined
}

/** A line of a section that has a time, which may be none. */
interface Mark {
  readonly line: string
  readonly number: number
  readonly time: string | undefined
}

/** What lines without a title are the rest of: a section that was cut for its length, or one whose beginning is not in the file. */
type Rest = 'cut' | 'headless'

/**
 * Windows' log of device and driver installations (`setupapi.dev.log`, since Vista), in the host's clock: an event for the beginning
 * of each section and one for its end, with all of its lines, and one for each start of the system. What stands before the first of
 * them belongs to that, but for the rest of a section that does not begin there.
 *
 * Format: Microsoft Learn, "Format of a Text Log Header", "Format of a Text Log Section Header" and "… Footer" (SetupAPI text logs);
 * MSDN of Windows Vista, "Format of a Text Log Section".
 */
export const SETUP_API_FORMAT: LogFormat = {
  name: 'setup-api',
  title: "log of Windows' device installations (setupapi.dev.log)",
  recognisedBy: '"[Device Install Log]", or ">>>  [...]" and ">>>  Section start"',
  description: 'Start Time',
  constants: { data_type: 'windows:setupapi:log:line', source_short: 'LOG', source_long: 'SetupAPI Log' },
  joins: false,
  matches: ({ lines }) =>
    (LOG_HEADER.test(lines[0]!) && lines.includes(HEADER_END)) ||
    lines.some((line, at) => isTitle(line, lines[at + 1]) && START.test(lines[at + 1] ?? '')),
  splits: isBetween,
  carry: carryOpenSection,
  open: openReader,
}

function isTitle(line: string, next: string | undefined): boolean {
  return TITLE.test(line) || (BARE_TITLE.test(line) && next !== undefined && START.test(next))
}

/** Whether a line begins what belongs to none above it: a section, or lines in front of one, which are that one's. */
function isBetween(lines: readonly string[], at: number): boolean {
  const line = lines[at]!
  if (line === '') return isClosing(lines[at - 1]!)
  const above = findAbove(lines, at, (text) => text !== '')
  if (above !== undefined && isClosing(above)) return true
  if (!isTitle(line, lines[at + 1]) && !BOOT.test(line)) return false
  const mark = findAbove(lines, at, (text) => isClosing(text) || TITLE.test(text) || START.test(text))
  return mark === undefined || !isClosing(mark)
}

function findAbove(
  lines: readonly string[],
  at: number,
  isSo: (line: string) => boolean,
): string | undefined {
  for (let above = at - 1; above >= 0; above--) if (isSo(lines[above]!)) return lines[above]
  return undefined
}

/** Nothing behind it is of what was above it. */
function isClosing(line: string): boolean {
  return STATUS.test(line) || BOOT.test(line)
}

/** Says whether a text breaks off within a section, as one does that has no place to cut it at for long. */
function carryOpenSection(carried: LogCarry, text: Buffer): LogCarry {
  const begin = text.toString('latin1', 0, 4) === '>>> ' ? 0 : -1
  const title = Math.max(begin, text.lastIndexOf('\n>>> '))
  const end = Math.max(text.lastIndexOf('\n<<<  [Exit '), text.lastIndexOf('\n[Boot Session: '))
  if (title < 0 && end < 0) return carried
  return title > end ? { isOpen: 1 } : {}
}

function openReader({ sink, clock, carried }: LogContext): LogReader {
  let section: Section | undefined
  let rest: Rest | undefined = carried['isOpen'] === undefined ? undefined : 'cut'
  /** Lines that belong to no section yet, and those of the log's header above them. */
  let loose: string[] = []
  let looseNumber = 0
  let header: string[] = []
  let headerNumber = 0
  const open = (title: string, number: number, line: string): void => {
    section = { title, number, lines: [line], start: undefined, end: undefined, status: undefined }
  }
  /** A section whose title stands above without its marks. */
  const openBare = (number: number): void => {
    const above = section?.lines ?? loose
    const title = BARE_TITLE.exec(above.at(-1) ?? '')?.[1]
    if (title === undefined) return
    const bare = above.pop()!
    finish()
    open(title, number - 1, bare)
  }
  const keepLoose = (line: string, number: number): void => {
    if (loose.length === 0) looseNumber = number
    loose.push(line)
    if (line !== HEADER_END) return
    if (header.length === 0) headerNumber = looseNumber
    header.push(...loose)
    loose = []
  }
  const takeLoose = (): string => {
    const text = [...header, ...loose].map((line) => `\n${line}`).join('')
    header = []
    loose = []
    return text
  }
  const rejectRest = (): void => {
    const raw = loose.join('\n')
    loose = []
    if (rest === 'cut') {
      const detail = 'expected a section short enough to be read as one, found the rest of one that is not'
      sink.reject(looseNumber, 'over-limit', detail, raw)
    } else {
      const detail = 'expected a section from its beginning on, found the rest of one'
      sink.reject(looseNumber, 'no-time', detail, raw)
    }
    rest = undefined
  }
  const finish = (): void => {
    if (loose.length > 0 && rest !== undefined) rejectRest()
    rest = undefined
    if (section === undefined) return
    const { title, number, lines, start, end, status } = section
    section = undefined
    const times = describeTimes(start?.time, end?.time)
    if (times.length === 0) {
      const found = start ?? end
      const detail = `expected the time at which ${JSON.stringify(title.slice(0, 100))} starts or ends, found ${JSON.stringify(found?.line ?? 'none')}`
      sink.reject(number, found === undefined ? 'no-time' : 'bad-time', detail, lines.join('\n'))
    } else {
      for (const mark of [start, end]) {
        if (mark === undefined || mark.time !== undefined) continue
        const what = mark === start ? 'starts' : 'ends'
        const detail = `expected the time at which ${JSON.stringify(title.slice(0, 100))} ${what}, found ${JSON.stringify(mark.line)}`
        sink.reject(mark.number, 'bad-time', detail, mark.line)
      }
      if (status === undefined && end === undefined) sink.note('unfinished', number)
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
      else if (START.test(line)) openBare(number)
      if (title) open(title[1]!, number, line)
      else if (boot) keepBoot(line, boot[1]!, number)
      else if (section === undefined) {
        keepLoose(line, number)
        if (line.startsWith('<<<')) rest ??= 'headless'
        if (STATUS.test(line)) rejectRest()
      } else {
        section.lines.push(line)
        section.start ??= readMark(START, line, number, clock)
        section.end ??= readMark(END, line, number, clock)
        const status = STATUS.exec(line)
        section.status ??= status?.[1] ?? status?.[2]
        if (section.status !== undefined) finish()
      }
      return true
    },
    end() {
      finish()
      const number = header.length > 0 ? headerNumber : looseNumber
      const text = takeLoose()
      if (text === '') return
      const detail = 'expected a section, or a start of the system, behind these lines; found the end'
      sink.reject(number, 'no-time', detail, text.slice(1))
    },
  }
}

function readMark(pattern: RegExp, line: string, number: number, clock: LogClock): Mark | undefined {
  const match = pattern.exec(line)
  const text = match?.[1] ?? match?.[2]
  return text === undefined ? undefined : { line, number, time: readTime(text, clock) }
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
