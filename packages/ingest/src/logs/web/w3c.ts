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
  readonly describe: (row: ReadonlyMap<string, string>) => string
}

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
    const told = [
      ['HTTP Status', 'sc-status'],
      ['Bytes Sent', 'sc-bytes'],
      ['Bytes Received', 'cs-bytes'],
      ['User Agent', 'cs(User-Agent)'],
      ['Protocol Version', 'cs-version'],
    ].flatMap(([title, name]) => (row.has(name!) ? [`${title}: ${row.get(name!)}`] : []))
    const from = row.get('c-ip') ?? '-'
    const to = `${row.get('s-ip') ?? '-'}${row.has('s-port') ? ` : ${row.get('s-port')}` : ''}`
    return [row.get('cs-method'), row.get('cs-uri-stem'), `[ ${from} > ${to} ]`, ...told]
      .filter((part) => part !== undefined)
      .join(' ')
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
      `${row.get(address) ?? '-'}${row.has(port) ? `:${row.get(port)}` : ''}`
    const told = [
      ['Size (bytes)', 'size'],
      ['ICMP type', 'icmptype'],
      ['ICMP code', 'icmpcode'],
      ['Additional information', 'info'],
    ].flatMap(([title, name]) => (row.has(name!) ? [`${title}: ${row.get(name!)}`] : []))
    return [
      row.get('action'),
      `[ ${[row.get('protocol'), row.get('path')].filter((part) => part !== undefined).join(' ')} ]`,
      `From: ${place('src-ip', 'src-port')} > ${place('dst-ip', 'dst-port')}`,
      ...told,
    ]
      .filter((part) => part !== undefined)
      .join(' ')
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
  describe: (row) => [...row.values()].join(' '),
})

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

function openReader({ describe }: Dialect, { sink, clock, carried }: LogContext): LogReader {
  let columns = splitNames(String(carried['fields'] ?? ''))
  let day = String(carried['date'] ?? '')
  let isLocal = carried['local'] === 1
  return {
    read(line, number) {
      if (line.startsWith('#')) {
        const names = FIELDS.exec(line)?.[1]
        if (names !== undefined) columns = splitNames(names)
        else if (/^#Date:/i.test(line)) day = line.slice(6).trim().slice(0, 10)
        else if (/^#Time Format:/i.test(line)) isLocal = /local/i.test(line)
        return true
      }
      const values = splitValues(line)
      if (columns.length === 0) {
        sink.reject(number, 'bad-record', 'expected a line #Fields: above, found none', line)
        return true
      }
      if (values.length !== columns.length) {
        const detail = `expected ${columns.length} values as #Fields: names them, found ${values.length}`
        sink.reject(number, 'wrong-column-count', detail, line)
        return true
      }
      const row = new Map<string, string>()
      columns.forEach((name, i) => {
        const value = values[i]!
        if (value !== '-' && value !== '') row.set(name, value)
      })
      const date = DATE.exec(row.get('date') ?? day)
      const time = TIME.exec(row.get('time') ?? '')
      if (!date || !time) {
        const what = date ? 'time' : 'date'
        sink.reject(
          number,
          row.has(what) ? 'bad-time' : 'no-time',
          `expected a ${what}, found ${JSON.stringify(row.get(what) ?? '-')}`,
          line,
        )
        return true
      }
      const datetime = (isLocal ? clock.local : clock.offset).call(
        clock,
        +date[1]!,
        +date[2]!,
        +date[3]!,
        +time[1]!,
        +time[2]!,
        +time[3]!,
        time[4] ?? '',
        0,
      )
      if (datetime === undefined) {
        sink.reject(number, 'bad-time', `found a time that is none: ${date[0]} ${time[0]}`, line)
        return true
      }
      sink.keep(makeFields(row, datetime, describe(row)), number)
      return true
    },
  }
}

function makeFields(row: ReadonlyMap<string, string>, datetime: string, message: string): LogFields {
  const fields: Record<string, unknown> = Object.create(null)
  fields['datetime'] = datetime
  for (const [name, value] of row) {
    if (name === 'date' || name === 'time') continue
    fields[nameOwnField(name, 'w3c')] = NUMBERS.has(name) && /^\d{1,15}$/.test(value) ? Number(value) : value
  }
  fields['message'] = message
  return fields as LogFields
}

function splitNames(text: string): string[] {
  const names = text.trim()
  return names === '' ? [] : names.split(/[ \t]+/)
}

/** The values of a line; in quotes a quote is written twice. */
function splitValues(line: string): string[] {
  if (!line.includes('"')) return line.trimEnd().split(/[ \t]+/)
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
