import { isOfKind, type SolRowFunction, type SolValue } from '@timeskein/query/sol'
import type { RE2JS } from 're2js'
import { compileExpression } from '../expression.ts'
import { readNumber } from './compare-values.ts'
import { readMoment, toSolValue } from './row.ts'
import { formatTime, isoWeek } from './strftime.ts'

/** Longest text that a function makes, in UTF-16 units. */
const MAX_TEXT_LENGTH = 1_048_576
/** Longest text that is read as JSON. */
const MAX_JSON_LENGTH = 1_048_576

/** What a function makes of its arguments; null for those that it cannot work with. */
export type ApplyFunction = (values: readonly SolValue[]) => SolValue

/**
 * Functions of one row (Sekoia's page "SOL technical reference: Functions"), for one run: expressions are compiled once.
 *
 * @param nowMs - What `now()` is.
 */
export function makeRowFunctions(nowMs: number): Readonly<Record<SolRowFunction, ApplyFunction>> {
  const expressions = new Map<string, RE2JS | undefined>()
  const compile = (source: string): RE2JS | undefined => {
    if (!expressions.has(source)) expressions.set(source, tryCompile(source))
    return expressions.get(source)
  }
  return {
    now: ([offset]) =>
      offset === undefined ? { kind: 'time', ms: nowMs } : shift(offset, (span) => nowMs + span),
    ago: ([span = null]) => shift(span, (ms) => nowMs - ms),
    bin: ([value = null, size = null]) => bin(value, size),
    year: ofDate((date) => String(date.getUTCFullYear())),
    month: ofDate((date) => formatTime(date, '%Y-%m')),
    week: ofDate((date) => {
      const { year, week } = isoWeek(date)
      return `${year} - Week ${week}`
    }),
    format_datetime: ([value, format]) =>
      typeof format === 'string' ? ofDate((date) => formatTime(date, format))([value ?? null]) : null,
    tolower: ofText((text) => text.toLowerCase()),
    toupper: ofText((text) => text.toUpperCase()),
    tostring: ([value = null]) => toText(value) ?? '',
    toint: ([value = null]) => toInt(value),
    round: ([value = null, precision = 0]) => round(value, precision),
    iff: ([condition, yes = null, no = null]) => (condition === true ? yes : no),
    coalesce: (values) => values.find((value) => value !== null) ?? null,
    isnull: ([value = null]) => value === null,
    parse_json: ([value = null]) => parseJson(value),
    base64_encode: ofText((text) => Buffer.from(text, 'utf8').toString('base64')),
    base64_decode: ([value = null, encoding]) => decode(value, encoding),
    split: ([value = null, separator, place]) => split(value, separator, place),
    extract: ([source, group, value = null]) => {
      const text = toText(value)
      const expression = typeof source === 'string' ? compile(source) : undefined
      if (text === undefined || !expression || typeof group !== 'number') return null
      const matcher = expression.matcher(text)
      if (group < 0 || group > matcher.groupCount() || !matcher.find()) return null
      return matcher.group(group) ?? null
    },
    replace_regex: ([value = null, source, rewrite]) => {
      const text = toText(value)
      const expression = typeof source === 'string' ? compile(source) : undefined
      if (text === undefined || typeof rewrite !== 'string') return null
      return expression ? replaceAll(expression, text, rewrite) : text
    },
  }
}

/** An expression that RE2 cannot read finds nothing, as in the search. */
function tryCompile(source: string): RE2JS | undefined {
  try {
    return compileExpression(source, [])
  } catch {
    return undefined
  }
}

/** `$0` is the whole match, `$1` its first group; a group that is not there is empty. */
function replaceAll(expression: RE2JS, text: string, rewrite: string): SolValue {
  const matcher = expression.matcher(text)
  let written = ''
  let end = 0
  while (matcher.find()) {
    const replacement = rewrite.replace(/\$(\d)/g, (_, digit: string) => {
      const group = Number(digit)
      return group <= matcher.groupCount() ? (matcher.group(group) ?? '') : ''
    })
    written += text.slice(end, matcher.start()) + replacement
    end = matcher.end()
    if (written.length > MAX_TEXT_LENGTH) return null
  }
  return written + text.slice(end)
}

function shift(span: SolValue, move: (ms: number) => number): SolValue {
  return isOfKind(span, 'timespan') ? { kind: 'time', ms: move(span.ms) } : null
}

function bin(value: SolValue, size: SolValue): SolValue {
  if (isOfKind(size, 'timespan')) {
    const ms = readMoment(value)
    if (ms === undefined || size.ms <= 0) return null
    return { kind: 'time', ms: Math.floor(ms / size.ms) * size.ms }
  }
  const number = readNumber(value)
  if (number === undefined || typeof size !== 'number' || size <= 0) return null
  return Math.floor(number / size) * size
}

function ofDate(write: (date: Date) => string): ApplyFunction {
  return ([value = null]) => {
    const date = new Date(readMoment(value) ?? Number.NaN)
    return Number.isNaN(date.getTime()) ? null : write(date)
  }
}

function ofText(write: (text: string) => string): ApplyFunction {
  return ([value = null]) => {
    const text = toText(value)
    return text === undefined ? null : write(text)
  }
}

/** Undefined for null; objects and lists as JSON. */
function toText(value: SolValue): string | undefined {
  if (value === null) return undefined
  if (isOfKind(value, 'time')) return new Date(value.ms).toISOString()
  if (isOfKind(value, 'timespan')) return `${value.ms / 1000}s`
  if (isOfKind(value, 'dict')) return JSON.stringify(Object.fromEntries(value.members))
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Whole numbers of 32 bits; what is left of a fraction is cut off. */
function toInt(value: SolValue): SolValue {
  if (typeof value === 'boolean') return Number(value)
  const whole = Math.trunc(readNumber(value) ?? Number.NaN)
  return whole >= -(2 ** 31) && whole < 2 ** 31 ? whole : null
}

function round(value: SolValue, precision: SolValue): SolValue {
  const number = readNumber(value)
  if (number === undefined || typeof precision !== 'number') return null
  const factor = 10 ** Math.trunc(precision)
  const rounded = Math.round(number * factor) / factor
  return Number.isFinite(rounded) ? rounded : number
}

function parseJson(value: SolValue): SolValue {
  if (typeof value !== 'string' || value.length > MAX_JSON_LENGTH) return null
  try {
    return toSolValue(JSON.parse(value))
  } catch {
    // What is no JSON, or is deeper than can be walked, is null.
    return null
  }
}

function decode(value: SolValue, encoding: SolValue | undefined): SolValue {
  if (typeof value !== 'string' || !/^[\w+/-]*={0,2}$/.test(value)) return null
  const name = typeof encoding === 'string' ? encoding.toLowerCase() : 'utf-8'
  if (!/^(utf-?8|utf-?16(le)?|latin-?1)$/.test(name)) return null
  const bytes = Buffer.from(value, 'base64')
  if (name.startsWith('utf-16') || name.startsWith('utf16')) return bytes.toString('utf16le')
  return bytes.toString(name.startsWith('latin') ? 'latin1' : 'utf8')
}

/** @param place - Which part, from 0; all of them as a list where it is not given. */
function split(value: SolValue, separator: SolValue | undefined, place: SolValue | undefined): SolValue {
  const text = toText(value)
  if (text === undefined || typeof separator !== 'string' || separator === '') return null
  const parts = text.split(separator)
  if (place === undefined) return parts
  return (typeof place === 'number' ? parts[place] : undefined) ?? null
}
