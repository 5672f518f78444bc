import { type CsvLayout, HASH, LF, TAB } from './csv-dialect.ts'
import { makeUniqueNames } from './csv-header.ts'

/**
 * Reads the preamble of a Zeek log (`#separator \x09`, `#fields`, `#unset_field`, `#empty_field`) or of a W3C extended
 * log (`#Fields: date time …`, cells parted by spaces). Neither has quotes; lines that begin with `#` are no rows.
 *
 * Formats: docs.zeek.org, "Zeek Logs" (TSV format); W3C working draft WD-logfile-960323.
 *
 * @param start - Where the first `#` stands.
 * @returns Undefined when the lines name no fields.
 */
export function detectDirectiveLayout(bytes: Uint8Array, start: number): CsvLayout | undefined {
  const decoder = new TextDecoder()
  let delimiter = TAB
  let fields: readonly string[] | undefined
  let isZeek = false
  const absent: string[] = []
  let at = start
  let line = 1
  while (bytes[at] === HASH) {
    const found = bytes.indexOf(LF, at)
    if (found < 0) break
    const text = decoder.decode(bytes.subarray(at, found)).trimEnd()
    at = found + 1
    line++
    if (text.startsWith('#separator ')) {
      isZeek = true
      delimiter = readSeparator(text.slice('#separator '.length)) ?? TAB
    } else if (/^#fields:/i.test(text)) {
      delimiter = 0x20
      fields = text
        .slice('#fields:'.length)
        .trim()
        .split(/[ \t]+/)
      absent.push('-')
    } else if (isZeek) {
      const [name, ...values] = text.split(String.fromCharCode(delimiter))
      if (name === '#fields') fields = values
      if ((name === '#unset_field' || name === '#empty_field') && values[0]) absent.push(values[0])
    }
  }
  if (fields === undefined || fields.length === 0) return undefined
  return {
    dialect: { delimiter, quote: undefined, lineEnd: 'lf', comment: HASH, absent },
    columns: makeUniqueNames(fields),
    hasHeader: true,
    headerStart: start,
    dataStart: at,
    dataLine: line,
    format: isZeek ? 'zeek-tsv' : 'w3c',
    reason: `${fields.length} columns named by the ${isZeek ? '#fields line of a Zeek log' : '#Fields line of a W3C log'}`,
  }
}

/** `\x09`, or the character itself. */
function readSeparator(text: string): number | undefined {
  const match = /^\\x([0-9a-f]{2})$/i.exec(text.trim())
  if (match) return Number.parseInt(match[1]!, 16)
  return text.length === 1 ? text.charCodeAt(0) : undefined
}
