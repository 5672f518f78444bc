import { readOffset } from '../core/log-clock.ts'
import type { LogContext, LogFields, LogFormat, LogReader } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'
import { carryYear, SYSLOG_DATE } from './carry-year.ts'
import { readKnownMessage } from './known-messages.ts'
import { FACILITIES, SEVERITIES } from './priority.ts'
import { readStructuredData, type StructuredData } from './structured-data.ts'

/** `<34>` of RFC 3164, section 4.1.1, then the date of section 4.1.2; some daemons add a fraction, Cisco's a year and a mark. */
const TRADITIONAL =
  /^(?:<(\d{1,3})>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d+))? (?:(\S+) )?/
/** RSYSLOG_FileFormat: the time as RFC 3339 has it. */
const PRECISE =
  /^(?:<(\d{1,3})>)?(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d) (\S+) /
/** RFC 5424, section 6; `-` stands for what is not known. */
const PROTOCOL =
  /^<(\d{1,3})>1 (?:(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)|-) (\S+) (\S+) (\S+) (\S+) /
/** `sshd[123]: text`; the identifier may stand with a path or with a facility behind it. */
const TAG = /^([^\s:[<]+)(?:\[(\d+)\])?(?: ?<([^>:]{1,64})>)?:? ?/
const CHROMEOS = /^(EMERG|ALERT|CRIT|ERR|WARNING|NOTICE|INFO|DEBUG) /
const ANY_DATE =
  /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)? \S|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d) \S+ \S+:? |1 (?:\d{4}-\d\d-\d\dT\S*|-) \S+ \S+ \S+ \S+ )/
const BYTE_ORDER_MARK = '\uFEFF'

/**
 * Logs of syslog daemons: RFC 3164 as it is written to files, with or without the priority in front, RSYSLOG_FileFormat and RFC 5424,
 * mixed or not. Names are those of Plaso's `syslog:line`, `syslog:cron:task_run` and `syslog:ssh:…` (release 20260720).
 */
export const SYSLOG_FORMAT: LogFormat = {
  name: 'syslog',
  title: 'syslog (RFC 3164, RFC 5424, rsyslog), as auth.log, messages, kern.log',
  recognisedBy: 'lines that begin with a date of syslog and a host',
  description: 'Content Modification Time',
  constants: { data_type: 'syslog:line', source_short: 'LOG', source_long: 'Log File' },
  aliases: { body: 'message_body' },
  lacksYear: (line) => SYSLOG_DATE.test(line),
  matches: ({ lines }) => areMostly(lines, (line) => ANY_DATE.test(line)),
  carry: carryYear,
  splits: (lines, at) => ANY_DATE.test(lines[at]!),
  open: openReader,
}

function openReader({ sink, clock }: LogContext): LogReader {
  return {
    read(line, number) {
      const keep = (datetime: string | undefined, head: LineHead, rest: string): true => {
        if (datetime === undefined)
          sink.reject(number, 'bad-time', `found a date that is none: ${line.slice(0, 48)}`, line)
        else sink.keep(describe(datetime, head, rest), number)
        return true
      }
      const first = line.charCodeAt(0)
      if (first === 0x3c) {
        const match = PROTOCOL.exec(line)
        if (match) {
          if (match[2] === undefined) {
            sink.reject(number, 'no-time', 'expected a time, found "-"', line)
            return true
          }
          const [, priority, , , , , , , , , hostname, reporter, pid, id] = match
          const { data, text } = readStructuredData(line.slice(match[0].length))
          const head = {
            priority,
            hasTag: false,
            hostname: known(hostname),
            reporter: known(reporter),
            pid: readPid(pid),
            message_identifier: known(id),
            structured_data: data,
          }
          return keep(readTime(match), head, text)
        }
      }
      if ((first >= 0x30 && first <= 0x39) || first === 0x3c) {
        const match = PRECISE.exec(line)
        if (match) {
          const rest = line.slice(match[0].length)
          const severity = CHROMEOS.exec(`${match[10]} `)?.[1]
          const head =
            severity === undefined
              ? { priority: match[1], hostname: match[10], hasTag: true }
              : { priority: match[1], severity, hasTag: true }
          return keep(readTime(match), head, rest)
        }
      }
      const match = TRADITIONAL.exec(line)
      if (!match) return false
      const [all, priority, month, day, hour, minute, second, fraction = '', host] = match
      const datetime = clock.withoutYear(month!, +day!, +hour!, +minute!, +second!, fraction)
      // Some daemons leave the host out: then the identifier stands in its place.
      const hasHost = host !== undefined && !host.endsWith(':')
      const rest = line.slice(hasHost ? all.length : all.length - (host === undefined ? 0 : host.length + 1))
      return keep(datetime, { priority, hostname: hasHost ? host : undefined, hasTag: true }, rest)
    },
  }

  function readTime(match: RegExpExecArray): string | undefined {
    const [, , year, month, day, hour, minute, second, fraction = '', zone] = match
    const offset = readOffset(zone!) ?? 0
    return clock.offset(+year!, +month!, +day!, +hour!, +minute!, +second!, fraction, offset)
  }
}

/** What stands in front of a line's text. */
interface LineHead {
  readonly priority?: string | undefined
  readonly severity?: string | undefined
  readonly hostname?: string | undefined
  /** Where the form has a place for it; else it stands in the text. */
  readonly reporter?: string | undefined
  readonly pid?: number | string | undefined
  readonly message_identifier?: string | undefined
  readonly structured_data?: StructuredData['data']
  readonly hasTag: boolean
}

/** What a line says behind its host, as the event has it. */
function describe(datetime: string, head: LineHead, rest: string): LogFields {
  let { reporter, pid } = head
  let body = rest
  const priority = head.priority === undefined ? undefined : Number(head.priority)
  let facility = priority === undefined ? undefined : FACILITIES[priority >> 3]
  // A priority beyond the last facility says nothing.
  const severity = facility === undefined ? head.severity : SEVERITIES[priority! & 7]
  const tag = head.hasTag ? TAG.exec(rest) : null
  if (tag) {
    reporter = tag[1]
    pid = readPid(tag[2])
    facility = tag[3] ?? facility
    body = rest.slice(tag[0].length)
  }
  body = (body.startsWith(BYTE_ORDER_MARK) ? body.slice(1) : body).trimStart()
  const place = pid === undefined ? reporter : `${reporter}, pid: ${pid}`
  const special = reporter === undefined ? undefined : readKnownMessage(reporter, body, pid)
  const fields = {
    datetime,
    facility,
    severity,
    hostname: head.hostname,
    reporter,
    pid,
    message_identifier: head.message_identifier,
    structured_data: head.structured_data,
    message_body: body,
    message:
      special?.['message'] ?? `${severity === undefined ? '' : `${severity} `}[${place ?? ''}] ${body}`,
  }
  return special === undefined ? fields : Object.assign(fields, special)
}

function known(text: string | undefined): string | undefined {
  return text === '-' ? undefined : text
}

function readPid(text: string | undefined): number | string | undefined {
  if (text === undefined || text === '-') return undefined
  return /^\d{1,10}$/.test(text) ? Number(text) : text
}
