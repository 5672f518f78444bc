import { findMonth } from '../../time/month-names.ts'
import { readOffset } from '../core/log-clock.ts'
import type { LogFormat } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'

/** Addresses behind the first one, where the log has the header X-Forwarded-For in place of the address. */
const MAX_PROXIES = 30
const QUOTED = String.raw`"([^"\\]*(?:\\.[^"\\]*)*)"`
/**
 * Common and combined log format, with a virtual host and port in front or not (Apache mod_log_config, `%h %l %u %t "%r" %>s %b
 * "%{Referer}i" "%{User-agent}i"`, `%v:%p` in front; nginx `combined`).
 */
const ENTRY = new RegExp(
  String.raw`^(?:([\w.-]+):(\d{1,5}) )?(\S+(?:(?<=,) \S+){0,${MAX_PROXIES}}) (\S+) ((?:(?! \[\d\d\/)[^"[]){0,256}|${QUOTED}) \[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d+))? ([+-]\d{4})\] ${QUOTED} (\d{3}|-) (\d+|-)(?: ${QUOTED} ${QUOTED})?`,
)
const REQUEST = /^([A-Z][A-Z-]{1,31}) (\S+)(?: (HTTP\/\d(?:\.\d)?))?$/
const BEGINS = /^\S+ \S+ .{1,512}?\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4}\] "/

/** Access logs of Apache, nginx and others that write as they do. Names are those of Plaso's `apache:access_log:entry` (release 20260720). */
export const ACCESS_FORMAT: LogFormat = {
  name: 'web-access',
  title: 'web access log (Apache, nginx; common and combined)',
  recognisedBy: 'a host, names, [day/month/year:time zone] and a quoted request',
  description: 'Recorded Time',
  constants: { data_type: 'apache:access_log:entry', source_short: 'LOG', source_long: 'Apache Access Log' },
  aliases: {
    'c-ip': 'ip_address',
    source_ip: 'ip_address',
    'sc-status': 'http_response_code',
    'sc-bytes': 'http_response_bytes',
    'cs-user-agent': 'http_request_user_agent',
    user_agent: 'http_request_user_agent',
    'cs-referer': 'http_request_referer',
    'cs-username': 'username',
    'cs-method': 'http_method',
    'cs-host': 'server_name',
  },
  joins: false,
  matches: ({ lines }) => areMostly(lines, (line) => BEGINS.test(line)),
  open: ({ sink, clock }) => ({
    read(line, number) {
      const match = ENTRY.exec(line)
      if (!match) return false
      const [all, server, port, address, remote, user, quotedUser, day, month, year, hour, minute, second] =
        match
      const [, , , , , , , , , , , , , fraction = '', zone, request, status, size, referer, agent] = match
      const monthNumber = findMonth(month!.toLowerCase()) ?? 0
      const datetime = clock.offset(
        +year!,
        monthNumber,
        +day!,
        +hour!,
        +minute!,
        +second!,
        fraction,
        readOffset(zone!) ?? 0,
      )
      if (datetime === undefined) {
        sink.reject(
          number,
          'bad-time',
          `found a date that is none: ${day}/${month}/${year}:${hour}:${minute}:${second}`,
          line,
        )
        return true
      }
      const rest = line.slice(all.length).trim()
      const parts = readRequest(request!)
      const addresses = address!.split(/, ?/)
      const userAgent = known(agent)
      const from = known(referer)
      sink.keep(
        {
          datetime,
          http_request: known(request),
          http_method: parts?.http_method,
          'cs-uri': parts?.['cs-uri'],
          'cs-uri-stem': parts?.['cs-uri-stem'],
          'cs-uri-query': parts?.['cs-uri-query'],
          'cs-version': parts?.['cs-version'],
          ip_address: addresses[0],
          x_forwarded_for: addresses.length > 1 ? addresses : undefined,
          http_response_code: readNumber(status),
          http_response_bytes: readNumber(size),
          http_request_referer: from,
          http_request_user_agent: userAgent,
          remote_name: known(remote),
          username: known(quotedUser ?? user),
          server_name: server,
          port_number: readNumber(port),
          more: rest === '' ? undefined : rest,
          message: `http_request: ${request} from: ${address} code: ${status}${
            from === undefined ? '' : ` referer: ${from}`
          }${userAgent === undefined ? '' : ` user_agent: ${userAgent}`}${
            server === undefined ? '' : ` server_name: ${server} port: ${port}`
          }`,
        },
        number,
      )
      return true
    },
  }),
}

/** The parts of a request line, by the names that rules for web servers ask. */
export interface RequestParts {
  readonly http_method: string
  readonly 'cs-uri': string
  readonly 'cs-uri-stem': string
  readonly 'cs-uri-query': string | undefined
  readonly 'cs-version': string | undefined
}

/** Takes a request line apart; undefined where it is none. */
export function readRequest(request: string): RequestParts | undefined {
  const match = REQUEST.exec(request)
  if (!match) return undefined
  const [, method, uri, protocol] = match
  const at = uri!.indexOf('?')
  return {
    http_method: method!,
    'cs-uri': uri!,
    'cs-uri-stem': at < 0 ? uri! : uri!.slice(0, at),
    'cs-uri-query': at < 0 ? undefined : uri!.slice(at + 1),
    'cs-version': protocol,
  }
}

function known(text: string | undefined): string | undefined {
  return text === undefined || text === '-' || text === '' ? undefined : text
}

function readNumber(text: string | undefined): number | undefined {
  return text === undefined || text === '-' ? undefined : Number(text)
}
