/**
 * Reads a date in one of the formats of a `range` clause (`format`, alternatives parted by `||`) and writes it in ISO form with
 * the precision it had, so that rounding stays what it was. Knows `epoch_millis`, `epoch_second`, the ISO-like built-in formats
 * and patterns of `y u M d H m s S X Z` with literals (OpenSearch 2.19, "Date format").
 *
 * @returns The date, date maths left as it was; undefined when no format fits.
 */
export function readFormattedDate(text: string, format: string): string | undefined {
  if (text.startsWith('now')) return text
  const bars = text.indexOf('||')
  const date = bars < 0 ? text : text.slice(0, bars)
  for (const one of format.split('||')) {
    const iso = readOne(date, one.trim())
    if (iso !== undefined) return bars < 0 ? iso : iso + text.slice(bars)
  }
  return undefined
}

function readOne(text: string, format: string): string | undefined {
  if (format === 'epoch_millis') return fromEpoch(text, 1)
  if (format === 'epoch_second') return fromEpoch(text, 1000)
  if (format === 'basic_date') return readPattern(text, 'yyyyMMdd')
  if (/^[a-z_]+$/.test(format) && /date|year|hour/.test(format))
    return /^[+-]?\d{4}/.test(text) ? text : undefined
  return readPattern(text, format)
}

function fromEpoch(text: string, factor: number): string | undefined {
  const ms = Number(text) * factor
  if (!/^-?\d+(\.\d+)?$/.test(text) || Math.abs(ms) > 8.64e15) return undefined
  return new Date(Math.floor(ms)).toISOString()
}

const UNITS: Readonly<Record<string, { name: string; pattern: (length: number) => string }>> = {
  y: { name: 'year', pattern: (length) => (length === 2 ? '\\d{2}' : '\\d{4}') },
  u: { name: 'year', pattern: (length) => (length === 2 ? '\\d{2}' : '\\d{4}') },
  M: { name: 'month', pattern: (length) => (length === 1 ? '\\d{1,2}' : '\\d{2}') },
  d: { name: 'day', pattern: (length) => (length === 1 ? '\\d{1,2}' : '\\d{2}') },
  H: { name: 'hour', pattern: (length) => (length === 1 ? '\\d{1,2}' : '\\d{2}') },
  m: { name: 'minute', pattern: (length) => (length === 1 ? '\\d{1,2}' : '\\d{2}') },
  s: { name: 'second', pattern: (length) => (length === 1 ? '\\d{1,2}' : '\\d{2}') },
  S: { name: 'fraction', pattern: (length) => `\\d{${Math.min(length, 9)}}` },
  X: { name: 'zone', pattern: () => 'Z|[+-]\\d\\d(?::?\\d\\d)?' },
  Z: { name: 'zone', pattern: () => 'Z|[+-]\\d\\d:?\\d\\d' },
}

function readPattern(text: string, format: string): string | undefined {
  if (format.length > 100) return undefined
  let source = ''
  for (const [part] of format.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[\s\S]/g)) {
    const unit = Object.hasOwn(UNITS, part[0]!) ? UNITS[part[0]!] : undefined
    if (unit !== undefined) {
      if (source.includes(`<${unit.name}>`)) return undefined
      source += `(?<${unit.name}>${unit.pattern(part.length)})`
    } else if (/^[A-Za-z]/.test(part)) return undefined
    else source += escapeRegExp(part.startsWith("'") && part.length > 1 ? part.slice(1, -1) || "'" : part)
  }
  const found = new RegExp(`^${source}$`).exec(text)?.groups
  if (found?.['year'] === undefined) return undefined
  return writeIso(found)
}

function writeIso(found: Readonly<Record<string, string | undefined>>): string {
  const year = found['year']!.length === 2 ? `20${found['year']}` : found['year']
  const two = (name: string) =>
    (found[name] ?? (name === 'month' || name === 'day' ? '01' : '00')).padStart(2, '0')
  const has = (...names: string[]) => names.some((name) => found[name] !== undefined)
  let iso = `${year}`
  if (has('month', 'day', 'hour')) iso += `-${two('month')}`
  if (has('day', 'hour')) iso += `-${two('day')}`
  if (has('hour')) iso += `T${two('hour')}`
  if (has('minute')) iso += `:${two('minute')}`
  if (has('second')) iso += `:${two('second')}`
  if (has('fraction')) iso += `.${found['fraction']}`
  return iso + (found['zone'] ?? '')
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
