import type { LogFormat } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'
import { readRequest } from './access.ts'

/** nginx.org, "Core functionality", `error_log`: the clock of the host, level, process, thread, connection. */
const ENTRY =
  /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) \[(debug|info|notice|warn|error|crit|alert|emerg)\] (\d+)#(\d+): (?:\*(\d+) )?/
const MEMBER = /, (client|server|request|upstream|host|referrer|subrequest): ("[^"]*"|[^,]*)/g

/** Error logs of nginx. */
export const NGINX_ERROR_FORMAT: LogFormat = {
  name: 'nginx-error',
  title: 'nginx error log',
  recognisedBy: 'year/month/day time, [level] and process#thread',
  description: 'Recorded Time',
  constants: { data_type: 'nginx:error_log:entry', source_short: 'LOG', source_long: 'nginx Error Log' },
  aliases: { 'c-ip': 'ip_address', 'cs-host': 'http_host', 'cs-method': 'http_method' },
  matches: ({ lines }) => areMostly(lines, (line) => ENTRY.test(line), 0.3),
  splits: (lines, at) => ENTRY.test(lines[at]!),
  open: ({ sink, clock }) => ({
    read(line, number) {
      const match = ENTRY.exec(line)
      if (!match) return false
      const [all, year, month, day, hour, minute, second, level, pid, thread, connection] = match
      const datetime = clock.local(+year!, +month!, +day!, +hour!, +minute!, +second!)
      if (datetime === undefined) {
        sink.reject(number, 'bad-time', `found a date that is none: ${line.slice(0, 19)}`, line)
        return true
      }
      const body = line.slice(all.length)
      const members = readMembers(body)
      const { request } = members
      const parts = request === undefined ? undefined : readRequest(request)
      sink.keep(
        {
          datetime,
          severity: level,
          pid: Number(pid),
          thread_identifier: thread,
          connection_identifier: connection,
          ip_address: members.client,
          server_name: members.server,
          http_request: request,
          http_method: parts?.http_method,
          'cs-uri': parts?.['cs-uri'],
          'cs-uri-stem': parts?.['cs-uri-stem'],
          'cs-uri-query': parts?.['cs-uri-query'],
          'cs-version': parts?.['cs-version'],
          http_host: members.host,
          http_request_referer: members.referrer,
          upstream: members.upstream,
          message_body: body,
          message: `[${level}] ${body}`,
        },
        number,
      )
      return true
    },
  }),
}

/** What nginx adds to a message, by its names; of a name that comes twice the last. */
function readMembers(body: string): Members {
  const members: { -readonly [name in keyof Members]: Members[name] } = {}
  MEMBER.lastIndex = 0
  for (let found = MEMBER.exec(body); found !== null; found = MEMBER.exec(body)) {
    const written = found[2]!
    const start = written.startsWith('"') ? 1 : 0
    const end = written.endsWith('"') ? written.length - 1 : written.length
    // The expression names exactly these.
    members[found[1] as keyof Members] = written.slice(start, end)
  }
  return members
}

type MemberName = 'client' | 'server' | 'request' | 'upstream' | 'host' | 'referrer' | 'subrequest'
type Members = { readonly [name in MemberName]?: string }
