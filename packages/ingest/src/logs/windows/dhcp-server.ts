import type { Buffer } from 'node:buffer'
import { expandYear } from '../../time/short-year.ts'
import type { LogClock } from '../core/log-clock.ts'
import type { LogCarry, LogContext, LogFormat, LogReader } from '../core/log-format.ts'
import { nameOwnField } from '../core/own-fields.ts'

/** Names the columns: the word for an event's number, which no language writes otherwise, and six others at least. */
const HEADER = /^ID,(?:[^,]{1,60},){5,40}[^,]{0,60}$/
/** Tables of something else may begin with the same names: the address of a client's card has none of them. */
const CLIENT = /\bMAC\b|\bDuid\b/i
const ROW = /^\d{2,5},/
const SURE_ROW = /^\d{2,5},\d\d\/\d\d\/\d\d(?:\d\d)?,\d\d:\d\d:\d\d,/
/** What the explanations begin with, in every language: they stand anew wherever the service was started again. */
const EXPLANATION = /\bDHCP\b/
const DATE = /^(\d\d)\/(\d\d)\/(\d\d|\d{4})$/
const TIME = /^(\d\d):(\d\d):(\d\d)$/
/** The columns before those that releases differ in; the names are put into the language of the server. */
const FIRST_FIELDS = [
  ...['event_identifier', 'date', 'time', 'description'],
  ...['ip_address', 'client_hostname', 'mac_address'],
] as const
const DATE_PLACE = 1
const TIME_PLACE = 2
/** Columns whose usual names say something else than their own. */
const FIELDS: Readonly<Record<string, string>> = {
  'IPv6 Address': 'ip_address',
  'Host Name': 'client_hostname',
  'User Name': 'username',
  'Duid Bytes(Hex)': 'duid',
}
const MAX_HEADER_BYTES = 2048

/**
 * The audit log of Windows' DHCP server (`DhcpSrvLog-Mon.log`, `DhcpV6SrvLog-Mon.log`): one event for each row, on the server's clock.
 * The lines above the names of the columns explain what the events' numbers mean. Plaso has no such reader; the names are ours, made
 * as Plaso makes them.
 *
 * Format: Microsoft Learn, "Analyze DHCP server log files" (Windows 2000 to Server 2022: 7, 11, 18 or 19 columns; IPv6: 12).
 */
export const DHCP_SERVER_FORMAT: LogFormat = {
  name: 'windows-dhcp',
  title: "log of Windows' DHCP server (DhcpSrvLog-*.log, DhcpV6SrvLog-*.log)",
  recognisedBy: 'ID,Date,Time,Description,… MAC Address',
  description: 'Content Modification Time',
  constants: { data_type: 'windows:dhcp:log:line', source_short: 'LOG', source_long: 'Windows DHCP Log' },
  aliases: {
    ID: 'event_identifier',
    Description: 'description',
    'IP Address': 'ip_address',
    'IPv6 Address': 'ip_address',
    'Host Name': 'client_hostname',
    'MAC Address': 'mac_address',
    'User Name': 'username',
  },
  joins: false,
  matches: ({ lines }) => {
    const header = lines.findIndex((line) => HEADER.test(line) && CLIENT.test(line))
    return header >= 0 && SURE_ROW.test(lines[header + 1] ?? '')
  },
  splits: (lines, at) => SURE_ROW.test(lines[at]!),
  carry: carryHeader,
  open: openReader,
}

function openReader({ sink, clock, carried, dayFirst }: LogContext): LogReader {
  let columns = nameColumns(String(carried['header'] ?? ''))
  /** Lines that explain the names of the columns, if those follow before any row; undefined where nothing is explained. */
  let passed: { readonly line: string; readonly number: number }[] | undefined =
    columns.length === 0 ? [] : undefined
  const readRow = (line: string, number: number): void => {
    if (columns.length === 0) {
      sink.reject(number, 'bad-record', 'expected the names of the columns above (ID,…), found none', line)
      return
    }
    const values = line.split(',')
    if (values.slice(columns.length).some((value) => value.trim() !== '')) {
      const detail = `expected ${columns.length} values as the row of names has them, found ${values.length}`
      sink.reject(number, 'wrong-column-count', detail, line)
      return
    }
    const datetime = readTime(clock, values, dayFirst)
    if (datetime === undefined) {
      const found = JSON.stringify(
        values
          .slice(DATE_PLACE, TIME_PLACE + 1)
          .join(' ')
          .slice(0, 60),
      )
      sink.reject(number, 'bad-time', `expected a date and a time, found ${found}`, line)
      return
    }
    const fields: Record<string, unknown> = {}
    for (const [place, field] of columns.entries()) {
      const value = values[place]?.trim() ?? ''
      if (value === '' || place === DATE_PLACE || place === TIME_PLACE) continue
      fields[field] = field === 'event_identifier' ? Number(value) : value
    }
    sink.keep({ ...fields, datetime, message: describe(values[0]!, fields) }, number)
  }
  const rejectPassed = (): void => {
    for (const { line, number } of passed ?? []) {
      if (ROW.test(line)) readRow(line, number)
      else
        sink.reject(
          number,
          'no-time',
          'expected a row, or the names of the columns below; found neither',
          line,
        )
    }
    passed = undefined
  }
  return {
    read(line, number) {
      if (HEADER.test(line)) {
        columns = nameColumns(line)
        passed = undefined
      } else if (hasDateOrTime(line)) {
        rejectPassed()
        readRow(line, number)
      } else {
        if (EXPLANATION.test(line) && !ROW.test(line)) passed ??= []
        if (passed) passed.push({ line, number })
        else if (ROW.test(line)) readRow(line, number)
        else return false
      }
      return true
    },
    end: rejectPassed,
  }
}

function hasDateOrTime(line: string): boolean {
  if (!ROW.test(line)) return false
  const values = line.split(',', TIME_PLACE + 1)
  return DATE.test(values[DATE_PLACE] ?? '') || TIME.test(values[TIME_PLACE] ?? '')
}

function describe(identifier: string, fields: Readonly<Record<string, unknown>>): string {
  const { description, ip_address, client_hostname, mac_address, duid } = fields
  const client = [ip_address, client_hostname, mac_address ?? duid].filter((part) => part !== undefined)
  return [`[${identifier}]`, description, ...client].filter((part) => part !== undefined).join(' ')
}

function readTime(clock: LogClock, values: readonly string[], dayFirst: boolean): string | undefined {
  const date = DATE.exec(values[DATE_PLACE] ?? '')
  const time = TIME.exec(values[TIME_PLACE] ?? '')
  if (!date || !time) return undefined
  const [first, second, year] = [Number(date[1]), Number(date[2]), Number(date[3])]
  const [month, day] = dayFirst ? [second, first] : [first, second]
  const wholeYear = date[3]!.length === 2 ? expandYear(year) : year
  return clock.local(wholeYear, month, day, Number(time[1]), Number(time[2]), Number(time[3]))
}

/** `VendorClass(Hex)` is `vendor_class_hex`; a point ends the last one. */
function nameColumns(header: string): readonly string[] {
  if (header === '') return []
  const names = header.split(',').map((name) => name.trim().replace(/\.$/, ''))
  const isEnglish = names[FIRST_FIELDS.indexOf('description')] === 'Description'
  return names.map((name, place) => {
    const first = FIRST_FIELDS[place]
    if (first !== undefined && (place < 4 || !isEnglish)) return first
    const words = name.replace(/(\p{Ll})(?=\p{Lu})/gu, '$1_').toLowerCase()
    const field = FIELDS[name] ?? words.replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_|_$/g, '')
    return nameOwnField(field === '' ? `column_${place + 1}` : field, 'dhcp')
  })
}

/** The names that hold at the end of a text. */
function carryHeader(carried: LogCarry, text: Buffer): LogCarry {
  const above = text.lastIndexOf('\nID,')
  const start = above >= 0 ? above + 1 : text.toString('latin1', 0, 3) === 'ID,' ? 0 : -1
  if (start < 0) return carried
  const line = text
    .toString('utf8', start, start + MAX_HEADER_BYTES)
    .split('\n', 1)[0]!
    .trimEnd()
  return HEADER.test(line) ? { header: line } : carried
}
