import { Buffer } from 'node:buffer'
import { addOwnValue, nameOwnField } from '../core/own-fields.ts'
import { scanMembers } from './scan-members.ts'

/** One line of an audit log: `node=h type=T msg=audit(seconds.milliseconds:serial): body`. */
const LINE = /^(?:node=(\S+) )?type=(\S+) msg=audit\((\d{1,11})\.(\d{1,9}):(\d{1,20})\):\s?/
/** Fields that users have a say in: the kernel writes them in quotes, or in hexadecimal digits where they hold more than plain text. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  ...['acct', 'cmd', 'comm', 'cwd', 'data', 'dir', 'exe', 'file', 'grp', 'key', 'name', 'new_group', 'path'],
  ...['proctitle', 'root_dir', 'sw', 'vm', 'watch', 'ocomm', 'device', 'cgroup', 'old-disk', 'new-disk'],
])
const ARGUMENT = /^a\d+(?:\[\d+\])?$/
const HEX = /^(?:[0-9A-F]{2})+$/
/** The kernel's own body goes as far as this; behind it auditd says names instead of numbers (`log_format = ENRICHED`). */
const ENRICHMENT = '\x1d'
const KEY_SEPARATOR = '\x01'

/** A line of an audit log, as far as its head says what it belongs to. */
export interface AuditLine {
  readonly node: string | undefined
  readonly type: string
  readonly seconds: number
  readonly fraction: string
  readonly serial: string
  readonly body: string
}

/** Reads a line's head; undefined where it is none. Source: the Linux Audit Project's record format, and auditd.conf(5). */
export function readAuditLine(line: string): AuditLine | undefined {
  const match = LINE.exec(line)
  if (!match) return undefined
  const [all, node, type, seconds, fraction, serial] = match
  return {
    node,
    type: type!,
    seconds: Number(seconds),
    fraction: fraction!,
    serial: serial!,
    body: line.slice(all.length),
  }
}

/** What tells an event's lines from others: those of one event have the same time, serial and node. */
export function nameAuditEvent(line: string): string {
  const match = LINE.exec(line)
  return match ? `${match[1] ?? ''} ${match[3]}.${match[4]}:${match[5]}` : ''
}

/**
 * Adds what a body says to the fields of its event.
 *
 * @returns False when a value is left out, as `addOwnValue` says.
 */
export function addAuditFields(fields: Record<string, unknown>, type: string, body: string): boolean {
  let isWhole = true
  scanMembers(body.replace(ENRICHMENT, ' '), (name, written) => {
    const isAdded =
      name === 'msg' && written.startsWith("'")
        ? addAuditFields(fields, type, written.slice(1, -1))
        : addMember(fields, type, name, written)
    isWhole &&= isAdded
  })
  return isWhole
}

function addMember(fields: Record<string, unknown>, type: string, name: string, written: string): boolean {
  // Programs of users say `hostname` of where they were reached from; an event's is where it happened.
  const field = name === 'hostname' ? 'remote_hostname' : nameOwnField(name, 'audit')
  if (written === '?' || written === '' || written === '(null)' || written === '(none)') return true
  const isArgument = type === 'EXECVE' && ARGUMENT.test(name)
  const isQuoted = written.startsWith('"') && written.endsWith('"') && written.length > 1
  let value = isQuoted ? written.slice(1, -1) : written
  if (!isQuoted && (isArgument || UNTRUSTED.has(name)) && HEX.test(value))
    value = Buffer.from(value, 'hex').toString('utf8')
  if (name === 'proctitle') value = value.replaceAll('\0', ' ').trim()
  if (name === 'key' && value.includes(KEY_SEPARATOR))
    return value
      .split(KEY_SEPARATOR)
      .map((key) => addOwnValue(fields, field, key))
      .every(Boolean)
  return addOwnValue(fields, field, value)
}
