import type { Buffer } from 'node:buffer'
import type { LogCarry, LogContext, LogFields, LogFormat, LogReader } from '../core/log-format.ts'
import type { LogSample } from '../core/log-sample.ts'
import { nameOwnField } from '../core/own-fields.ts'

const FIELDS = /^#Fields:[ \t]*(.*)$/i
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?$/
/** Columns whose values are numbers. */
const NUMBERS: ReadonlySet<string> = new Set([
  ...[
    'sc-status',
    'sc-substatus',
    'sc-win32-status',
    'sc-bytes',
    'cs-bytes',
    'time-taken',
    's-port',
    'c-port',
  ],
  ...['src-port', 'dst-port', 'size', 'icmptype', 'icmpcode', 'pid'],
])
/** Zeek's logs have such a line in front, and are read as tables. */
const SEPARATOR = '#separator '
const MAX_FIELDS_LINE = 16 * 1024

/** What one program makes of the form. */
interface Dialect {
  readonly name: string
  readonly title: string
  readonly recognisedBy: string
  readonly isIts: (sample: LogSample) => boolean
  readonly constants: Readonly<Record<string, string>>
  readonly aliases: Readonly<Record<string, string>>
  readonly describe: (row: W3cRow) => string
}

/** A row by the names of its fields. */
type W3cRow = Readonly<Record<string, string | number>>

/** IIS. Names are those of Plaso's `iis:log:line` (release 20260720), by way of aliases; the log's own are those that Sigma asks. */
export const IIS_FORMAT: LogFormat = makeFormat({
  name: 'iis',
  title: 'IIS log (W3C)',
  recognisedBy: '#Software: Microsoft Internet Information Services, #Fields:',
  isIts: ({ directives }) => directives.some((line) => line.includes('Internet Information Services')),
  constants: { data_type: 'iis:log:line', source_short: 'LOG', source_long: 'IIS Log' },
  aliases: {
    http_method: 'cs-method',
    http_status: 'sc-status',
    requested_uri_stem: 'cs-uri-stem',
    cs_uri_query: 'cs-uri-query',
    source_ip: 'c-ip',
    dest_ip: 's-ip',
    dest_port: 's-port',
    user_agent: 'cs(User-Agent)',
    'cs-user-agent': 'cs(User-Agent)',
    'c-useragent': 'cs(User-Agent)',
    cs_username: 'cs-username',
    cs_host: 'cs-host',
    cs_referrer: 'cs(Referer)',
    'cs-referer': 'cs(Referer)',
    cs_cookie: 'cs(Cookie)',
    'cs-cookie': 'cs(Cookie)',
    sent_bytes: 'sc-bytes',
    received_bytes: 'cs-bytes',
    protocol_version: 'cs-version',
    time_taken: 'time-taken',
    s_sitename: 's-sitename',
    s_computername: 's-computername',
    sc_substatus: 'sc-substatus',
    sc_win32_status: 'sc-win32-status',
  },
  describe: (row) => {
    const port = row['s-port']
    const place = `[ ${row['c-ip'] ?? '-'} > ${row['s-ip'] ?? '-'}${port === undefined ? '' : ` : ${port}`} ]`
    return (
      `${row['cs-method'] ?? ''} ${row['cs-uri-stem'] ?? ''} ${place}` +
      tell('HTTP Status', row['sc-status']) +
      tell('Bytes Sent', row['sc-bytes']) +
      tell('Bytes Received', row['cs-bytes']) +
      tell('User Agent', row['cs(User-Agent)']) +
      tell('Protocol Version', row['cs-version'])
    ).trimStart()
  },
})

/** Windows' firewall. Names are those of Plaso's `windows:firewall_log:entry` (release 20260720), by way of aliases. */
export const FIREWALL_FORMAT: LogFormat = makeFormat({
  name: 'windows-firewall',
  title: "Windows' firewall log (pfirewall.log)",
  recognisedBy: '#Software: Microsoft Windows Firewall, #Fields:',
  isIts: ({ directives }) => directives.some((line) => /Firewall/i.test(line)),
  constants: {
    data_type: 'windows:firewall_log:entry',
    source_short: 'LOG',
    source_long: 'Windows Firewall Log',
  },
  aliases: {
    source_ip: 'src-ip',
    destination_ip: 'dst-ip',
    source_port: 'src-port',
    destination_port: 'dst-port',
    packet_size: 'size',
    tcp_flags: 'tcpflags',
    tcp_sequence_number: 'tcpsyn',
    tcp_ack: 'tcpack',
    tcp_window_size: 'tcpwin',
    icmp_type: 'icmptype',
    icmp_code: 'icmpcode',
    information: 'info',
  },
  describe: (row) => {
    const place = (address: string, port: string): string =>
      `${row[address] ?? '-'}${row[port] === undefined ? '' : `:${row[port]}`}`
    const way = [row['protocol'], row['path']].filter((part) => part !== undefined).join(' ')
    return (
      `${row['action'] ?? ''} [ ${way} ] From: ${place('src-ip', 'src-port')} > ${place('dst-ip', 'dst-port')}` +
      tell('Size (bytes)', row['size']) +
      tell('ICMP type', row['icmptype']) +
      tell('ICMP code', row['icmpcode']) +
      tell('Additional information', row['info'])
    )
  },
})

/** Any other log of this form: proxies, mail and file servers. */
export const W3C_FORMAT: LogFormat = makeFormat({
  name: 'w3c',
  title: 'W3C extended log (proxies, other servers)',
  recognisedBy: 'a line #Fields: with date and time',
  isIts: () => true,
  constants: { data_type: 'w3c:log:line', source_short: 'WEBHIST', source_long: 'W3C extended log' },
  aliases: { 'cs-user-agent': 'cs(User-Agent)', 'cs-referer': 'cs(Referer)' },
  describe: ({ datetime: _, ...values }) => Object.values(values).join(' '),
})

function tell(title: string, value: string | number | undefined): string {
  return value === undefined ? '' : ` ${title}: ${value}`
}

/**
 * Logs of the W3C's extended form (WD-logfile-960323): `#Fields:` names the columns, again wherever they change; `-` is no value, and
 * values with spaces stand in quotes. Times are UTC, but for Windows' firewall that says `#Time Format: Local`.
 */
function makeFormat(dialect: Dialect): LogFormat {
  return {
    ...dialect,
    description: 'Content Modification Time',
    matches: (sample) => {
      const { directives } = sample
      if (directives.length === 0 || directives.some((line) => line.startsWith(SEPARATOR))) return false
      const fields = directives.map((line) => FIELDS.exec(line)?.[1]).find((text) => text !== undefined)
      return fields !== undefined && /(^|\s)time(\s|$)/.test(fields) && dialect.isIts(sample)
    },
    joins: false,
    carry: carryDirectives,
    open: (context) => openReader(dialect, context),
  }
}

/** A column of the log: its place among the values, and its field. */
interface W3cColumn {
  readonly place: number
  readonly field: string
  readonly isNumber: boolean
}

/** What the last `#Fields:` says. */
interface W3cColumns {
  readonly count: number
  readonly date: number
  readonly time: number
  readonly others: readonly W3cColumn[]
}

function openReader({ describe }: Dialect, { sink, clock, carried }: LogContext): LogReader {
  let columns = readColumns(String(carried['fields'] ?? ''))
  let day = String(carried['date'] ?? '')
  let isLocal = carried['local'] === 1
  // The last line's, which of a busy server's the next has too.
  let known:
    | { readonly date: string; readonly time: string; readonly datetime: string | undefined }
    | undefined
  const findTime = (date: string, time: string): string | undefined => {
    if (known?.date !== date || known.time !== time)
      known = { date, time, datetime: readTime(clock, isLocal, date, time) }
    return known.datetime
  }
  return {
    read(line, number) {
      if (line.charCodeAt(0) === 0x23) {
        known = undefined
        const names = FIELDS.exec(line)?.[1]
        if (names !== undefined) columns = readColumns(names)
        else if (/^#Date:/i.test(line)) day = line.slice(6).trim().slice(0, 10)
        else if (/^#Time Format:/i.test(line)) isLocal = /local/i.test(line)
        return true
      }
      if (columns.count === 0) {
        sink.reject(number, 'bad-record', 'expected a line #Fields: above, found none', line)
        return true
      }
      const values = splitValues(line)
      if (values.length !== columns.count) {
        const detail = `expected ${columns.count} values as #Fields: names them, found ${values.length}`
        sink.reject(number, 'wrong-column-count', detail, line)
        return true
      }
      const dateText = columns.date < 0 ? day : values[columns.date]!
      const timeText = columns.time < 0 ? '' : values[columns.time]!
      const datetime = findTime(dateText, timeText)
      if (datetime === undefined) {
        const isThere = dateText !== '' && dateText !== '-' && timeText !== '' && timeText !== '-'
        const detail = `expected a date and a time, found ${JSON.stringify(`${dateText} ${timeText}`.slice(0, 60))}`
        sink.reject(number, isThere ? 'bad-time' : 'no-time', detail, line)
        return true
      }
      const row: Record<string, string | number> = {}
      row['datetime'] = datetime
      for (const { place, field, isNumber } of columns.others) {
        const value = values[place]!
        if (value === '-' || value === '') continue
        row[field] = isNumber && /^\d{1,15}$/.test(value) ? Number(value) : value
      }
      row['message'] = describe(row)
      // Both have just been given.
      sink.keep(row as LogFields & W3cRow, number)
      return true
    },
  }
}

function readTime(
  clock: LogContext['clock'],
  isLocal: boolean,
  dateText: string,
  timeText: string,
): string | undefined {
  const date = DATE.exec(dateText)
  const time = TIME.exec(timeText)
  if (!date || !time) return undefined
  const [year, month, day] = [+date[1]!, +date[2]!, +date[3]!]
  const [hour, minute, second, fraction] = [+time[1]!, +time[2]!, +time[3]!, time[4] ?? '']
  return isLocal
    ? clock.local(year, month, day, hour, minute, second, fraction)
    : clock.offset(year, month, day, hour, minute, second, fraction, 0)
}

function readColumns(text: string): W3cColumns {
  const names = text.trim() === '' ? [] : text.trim().split(/[ \t]+/)
  const others = names.flatMap((name, place) => {
    if (name === 'date' || name === 'time' || names.indexOf(name) !== place) return []
    return [{ place, field: nameOwnField(name, 'w3c'), isNumber: NUMBERS.has(name) }]
  })
  return { count: names.length, date: names.indexOf('date'), time: names.indexOf('time'), others }
}

/** The values of a line; in quotes a quote is written twice. */
function splitValues(line: string): string[] {
  if (!line.includes('"'))
    return line.includes('\t') || line.includes('  ')
      ? line.trim().split(/[ \t]+/)
      : line.trimEnd().split(' ')
  return [...line.matchAll(/"([^"]*(?:""[^"]*)*)"|\S+/g)].map(([all, quoted]) =>
    quoted === undefined ? all : quoted.replaceAll('""', '"'),
  )
}

/** The directives that hold at the end of a text. */
function carryDirectives(carried: LogCarry, text: Buffer): LogCarry {
  const fields = findLast(text, '#Fields:')
  const date = findLast(text, '#Date:')
  const format = findLast(text, '#Time Format:')
  return {
    ...carried,
    ...(fields === undefined ? {} : { fields }),
    ...(date === undefined ? {} : { date: date.slice(0, 10) }),
    ...(format === undefined ? {} : { local: /local/i.test(format) ? 1 : 0 }),
  }
}

/** What stands behind the last of a text's lines that begin so. */
function findLast(text: Buffer, beginning: string): string | undefined {
  let at = text.lastIndexOf(`\n${beginning}`)
  if (at >= 0) at++
  else if (text.toString('latin1', 0, beginning.length) !== beginning) return undefined
  else at = 0
  const start = at + beginning.length
  const found = text.subarray(start, start + MAX_FIELDS_LINE).indexOf(0x0a)
  return text.toString('utf8', start, found < 0 ? start + MAX_FIELDS_LINE : start + found).trim()
}
