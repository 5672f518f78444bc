import type { LogContext, LogFields, LogFormat, LogReader } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'
import { OwnFields } from '../core/own-fields.ts'
import { type AuditLine, addAuditFields, nameAuditEvent, readAuditLine } from './audit-line.ts'

/** Lines after the last one of an event in which another one of it is waited for: events of several processors mix. */
const WAITED_LINES = 64
/** Lines on both sides of a cut that must not be of one event. */
const MIXED_LINES = 16
/** Bodies of one event that its message holds. */
const MESSAGE_BODIES = 8

interface OpenEvent {
  readonly line: AuditLine
  readonly number: number
  readonly types: string[]
  readonly bodies: string[]
  readonly fields: Record<string, unknown>
  lastNumber: number
}

/**
 * Logs of the Linux audit daemon: the records of one event are one event, each field with the values of all of them. Fields have the
 * names that auditd and Sigma have; those of Plaso's `selinux:line` (release 20260720), which is one for each record, stand for them.
 */
export const AUDIT_FORMAT: LogFormat = {
  name: 'auditd',
  title: 'Linux audit log (auditd)',
  recognisedBy: 'lines of type=… msg=audit(…)',
  description: 'Content Modification Time',
  constants: { data_type: 'selinux:line', source_short: 'LOG', source_long: 'Audit Log' },
  aliases: {
    audit_type: 'type',
    audit_login_identifier: 'auid',
    audit_session_identifier: 'ses',
    executable: 'exe',
    exit_code: 'exit',
    group_identifier: 'gid',
    parent_process_identifier: 'ppid',
    process_name: 'comm',
    security_context: 'subj',
    system_call: 'syscall',
    user_identifier: 'uid',
    hostname: 'node',
  },
  matches: ({ lines }) => areMostly(lines, (line) => readAuditLine(line) !== undefined),
  splits: partsEvents,
  open: openReader,
}

/** Whether no event has lines on both sides, as far as lines of one event stand apart. */
function partsEvents(lines: readonly string[], at: number): boolean {
  if (nameAuditEvent(lines[at - 1]!) === nameAuditEvent(lines[at]!)) return false
  if (at + MIXED_LINES > lines.length) return false
  const before = new Set(lines.slice(Math.max(0, at - MIXED_LINES), at).map(nameAuditEvent))
  return lines.slice(at, at + MIXED_LINES).every((line) => !before.has(nameAuditEvent(line)))
}

function openReader({ sink, clock }: LogContext): LogReader {
  /** Events that more lines may belong to, in the order of their first lines. */
  const open = new Map<string, OpenEvent>()
  const finish = (isWaitedFor: (event: OpenEvent) => boolean): void => {
    for (const [name, event] of open) {
      if (isWaitedFor(event)) return
      open.delete(name)
      const datetime = clock.utc(event.line.seconds, event.line.fraction)
      if (datetime === undefined)
        sink.reject(
          event.number,
          'bad-time',
          `found a time that is none: ${event.line.seconds}`,
          event.bodies.join('\n'),
        )
      else sink.keep(describe(event, datetime), event.number)
    }
  }
  return {
    read(text, number) {
      finish((event) => event.lastNumber >= number - WAITED_LINES)
      const line = readAuditLine(text)
      if (line === undefined) {
        // A line without a time is joined to the event above, which has to be handed over by then.
        finish(() => false)
        return false
      }
      const name = `${line.node ?? ''} ${line.seconds}.${line.fraction}:${line.serial}`
      let event = open.get(name)
      if (event === undefined) {
        event = { line, number, types: [], bodies: [], fields: new OwnFields(), lastNumber: number }
        open.set(name, event)
      }
      event.lastNumber = number
      if (!event.types.includes(line.type)) event.types.push(line.type)
      if (line.body !== '') event.bodies.push(line.body)
      if (!addAuditFields(event.fields, line.type, line.body)) sink.note('values', number)
      return true
    },
    end: () => finish(() => false),
  }
}

function describe({ line, types, bodies, fields }: OpenEvent, datetime: string): LogFields {
  const pid = fields['pid']
  const place = `[audit_type: ${types.join(', ')}${pid === undefined ? '' : `, pid: ${pid}`}]`
  const shown = bodies.slice(0, MESSAGE_BODIES).map((body) => body.replaceAll('\x1d', ' '))
  const more = bodies.length > MESSAGE_BODIES ? ` | and ${bodies.length - MESSAGE_BODIES} more` : ''
  return Object.assign(fields, {
    datetime,
    type: types.length === 1 ? types[0] : types,
    audit_serial: Number(line.serial),
    node: line.node,
    message_body: bodies.join('\n'),
    message: `${place} ${shown.join(' | ')}${more}`,
  })
}
