import { PlasoFloat, PlasoPath, PlasoTime, PlasoTuple, type Value } from '../piece/container-value.ts'
import { describeTime } from '../piece/date-time.ts'

/** A value as Python's `str` writes it: what Plaso's messages are made of. */
export function toPythonText(value: Value): string {
  if (typeof value === 'string') return value
  return toPythonRepr(value)
}

/** A value as Python's `repr` writes it: inside of lists. */
export function toPythonRepr(value: Value): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
    case 'bigint':
      return String(value)
    case 'boolean':
      return value ? 'True' : 'False'
    default:
      return writeObject(value)
  }
}

function writeObject(value: Exclude<Value, string | number | bigint | boolean>): string {
  if (value === null) return 'None'
  if (value instanceof PlasoFloat) return writeFloat(value.value)
  if (value instanceof PlasoTuple) {
    const [only] = value.values
    if (value.values.length === 1 && only !== undefined) return `(${toPythonRepr(only)},)`
    return `(${value.values.map(toPythonRepr).join(', ')})`
  }
  if (value instanceof PlasoTime) return describeTime(value.members)
  if (value instanceof PlasoPath) return String(value.members['location'] ?? '')
  if (value instanceof Map)
    return `{${[...value].map(([name, item]) => `${quote(name)}: ${toPythonRepr(item)}`).join(', ')}}`
  // What is left of `Value`.
  return `[${(value as readonly Value[]).map(toPythonRepr).join(', ')}]`
}

/** Python's shortest text of a float (`float.__repr__`): 16 digits before the point, four zeros behind it, else an exponent. */
export function writeFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  if (value === 0) return '0.0'
  const [digits = '', exponentText = '0'] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? '-' : '+'
    return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  const plain =
    exponent < 0
      ? value.toFixed(Math.max(digits.replace(/[-.]/g, '').length - exponent - 1, 1))
      : String(value)
  return plain.includes('.') ? plain : `${plain}.0`
}

const NEEDS_ESCAPE = /[\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u
const ESCAPED = /[\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu
const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  let body = NEEDS_ESCAPE.test(text) ? text.replace(ESCAPED, escapeCharacter) : text
  if (mark === "'" && body.includes("'")) body = body.replaceAll("'", "\\'")
  return `${mark}${body}${mark}`
}

function escapeCharacter(found: string): string {
  const short = SHORT[found]
  if (short !== undefined) return short
  const code = found.codePointAt(0)!
  if (code <= 0xff) return `\\x${hex(code, 2)}`
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0')
}

/** The parts of a format specification that Plaso's formatters use, and those near them: `04x`, `.2f`, `>10`. */
const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d{1,4})?(,)?(?:\.(\d{1,3}))?([a-zA-Z%])?$/su

/**
 * A value as Python's `format(value, spec)` writes it.
 *
 * @returns Undefined where Python refuses: a text with `x`.
 */
export function formatPython(value: Value, spec: string): string | undefined {
  if (spec === '') return toPythonText(value)
  const found = SPEC.exec(spec)
  if (found === null) return undefined
  const [, fill, align, sign, alternate, zero, width, , precision, type] = found
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || value instanceof PlasoFloat
  const body =
    isNumber || typeof value === 'boolean'
      ? formatNumber(value, type, precision, alternate !== undefined, sign)
      : typeof value === 'string' && (type === undefined || type === 's')
        ? value.slice(0, precision === undefined ? undefined : Number(precision))
        : undefined
  if (body === undefined) return undefined
  const size = Number(width ?? 0)
  if (body.length >= size) return body
  const padding = (fill ?? (zero === undefined ? ' ' : '0')).repeat(size - body.length)
  const isSigned = /^[+\- ]/.test(body)
  if (align === '=' || (align === undefined && zero !== undefined))
    return isSigned ? `${body[0]}${padding}${body.slice(1)}` : `${padding}${body}`
  const half = Math.floor(padding.length / 2)
  if (align === '^') return `${padding.slice(0, half)}${body}${padding.slice(half)}`
  return align === '<' || (align === undefined && !isNumber) ? `${body}${padding}` : `${padding}${body}`
}

function formatNumber(
  value: number | bigint | boolean | PlasoFloat,
  type: string | undefined,
  precision: string | undefined,
  isAlternate: boolean,
  sign: string | undefined,
): string | undefined {
  const number = value instanceof PlasoFloat ? value.value : value
  const isNegative = Number(number) < 0
  const lead = isNegative ? '-' : sign === '+' || sign === ' ' ? sign : ''
  const digits = (base: number, prefix: string): string | undefined => {
    if (value instanceof PlasoFloat) return undefined
    const whole = BigInt(number)
    return `${lead}${isAlternate ? prefix : ''}${(isNegative ? -whole : whole).toString(base)}`
  }
  switch (type) {
    case 'x':
      return digits(16, '0x')
    case 'X':
      return digits(16, '0x')?.toUpperCase()
    case 'o':
      return digits(8, '0o')
    case 'b':
      return digits(2, '0b')
    case 'd':
      return digits(10, '')
    case 'f':
    case 'F':
      return `${lead}${Math.abs(Number(number)).toFixed(Math.min(Number(precision ?? 6), 100))}`
    case undefined:
      return precision === undefined ? toPythonText(value) : undefined
    default:
      return undefined
  }
}
