import { findMonth } from '../../time/month-names.ts'
import type { LogFormat } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'

/** Apache HTTP Server 2.4, `ErrorLogFormat`, and 2.2 before it. */
const ENTRY =
  /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d+))? (\d{4})\] \[(?:([\w-]*):)?(\w+)\] (?:\[pid (\d+)(?::tid (\d+))?\] )?/
const CLIENT = /^(.{0,256}?)\[client ([^\]\s]+?)(?::(\d{1,5}))?\] /
const CODE = /^(AH\d{5}): /

/** Error logs of Apache. */
export const APACHE_ERROR_FORMAT: LogFormat = {
  name: 'apache-error',
  title: 'Apache error log',
  recognisedBy: '[day month date time year] and [module:level]',
  description: 'Recorded Time',
  constants: { data_type: 'apache:error_log:entry', source_short: 'LOG', source_long: 'Apache Error Log' },
  aliases: { 'c-ip': 'ip_address' },
  matches: ({ lines }) => areMostly(lines, (line) => ENTRY.test(line), 0.3),
  splits: (lines, at) => ENTRY.test(lines[at]!),
  open: ({ sink, clock }) => ({
    read(line, number) {
      const match = ENTRY.exec(line)
      if (!match) return false
      const [all, month, day, hour, minute, second, fraction = '', year, module, level, pid, thread] = match
      const datetime = clock.local(
        +year!,
        findMonth(month!.toLowerCase()) ?? 0,
        +day!,
        +hour!,
        +minute!,
        +second!,
        fraction,
      )
      if (datetime === undefined) {
        sink.reject(number, 'bad-time', `found a date that is none: ${line.slice(0, 40)}`, line)
        return true
      }
      const rest = line.slice(all.length)
      const client = CLIENT.exec(rest)
      const body = client ? client[1]! + rest.slice(client[0].length) : rest
      sink.keep(
        {
          datetime,
          module: module === '' ? undefined : module,
          severity: level,
          pid: pid === undefined ? undefined : Number(pid),
          thread_identifier: thread,
          ip_address: client?.[2],
          port_number: client?.[3] === undefined ? undefined : Number(client[3]),
          error_code: CODE.exec(body)?.[1],
          message_body: body,
          message: `[${level}] ${body}${client ? ` from: ${client[2]}` : ''}`,
        },
        number,
      )
      return true
    },
  }),
}
