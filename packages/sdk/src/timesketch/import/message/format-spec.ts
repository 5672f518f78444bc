import { toExponential, toFixed, toGeneral } from './format-number.ts'

/** How one value of a message is written (Python, "Format Specification Mini-Language"). */
export interface FormatSpec {
  readonly fill: string
  /** Undefined: texts to the left, numbers to the right. */
  readonly align: '<' | '>' | '^' | '=' | undefined
  readonly sign: '+' | '-' | ' '
  /** `0x`, `0o` or `0b` goes before. */
  readonly hasPrefix: boolean
  readonly width: number
  /** Between groups of digits; empty for none. */
  readonly grouping: string
  readonly precision: number | undefined
  /** Empty: as the value is. */
  readonly type: string
}

const SPEC =
  /^(?:(?<fill>[\s\S])?(?<align>[<>^=]))?(?<sign>[-+ ])?(?<prefix>#)?(?<zero>0)?(?<width>\d{1,4})?(?<grouping>[,_])?(?:\.(?<precision>\d{1,2}))?(?<type>[bdeEfFgGosxX%])?$/u
const WHOLE = /[bdoxX]/
const DIGITS = /^-?\d+$/
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i

/** Reads what stands behind the colon of a field; undefined for what Python has not, or what is not taken here (`n`, `c`). */
export function parseFormatSpec(text: string): FormatSpec | undefined {
  const groups = SPEC.exec(text)?.groups
  if (!groups) return undefined
  const { sign = '-', width = '0', grouping = '', precision, type = '' } = groups
  if (type === 's' && (groups['sign'] ?? groups['prefix'] ?? groups['grouping']) !== undefined)
    return undefined
  if (WHOLE.test(type) && precision !== undefined) return undefined
  if (grouping === ',' && /[boxX]/.test(type)) return undefined
  // Python puts marks between the zeros, too.
  if (groups['zero'] !== undefined && grouping !== '') return undefined
  return {
    fill: groups['fill'] ?? (groups['zero'] === undefined ? ' ' : '0'),
    align: (groups['align'] ?? (groups['zero'] === undefined ? undefined : '=')) as FormatSpec['align'],
    sign: sign as FormatSpec['sign'],
    hasPrefix: groups['prefix'] !== undefined,
    width: Number(width),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  }
}

/** Whether a spec is one of numbers only. */
export function wantsNumber({ type, grouping, sign }: FormatSpec): boolean {
  return type !== 's' && (type !== '' || grouping !== '' || sign !== '-')
}

/**
 * Writes a value as a spec says. Digits of a text count as a number, since all of a CSV file is text.
 *
 * @param text - The value as text, empty where there is none.
 * @returns Undefined where the spec wants a number, or a whole one, and the value is none.
 */
export function formatValue(value: unknown, text: string, spec: FormatSpec): string | undefined {
  const isNumber = typeof value === 'number' || typeof value === 'bigint'
  if (text === '') return align('', '', spec, '<')
  const isPadded = spec.align === '=' && toNumber(value) !== undefined
  if (spec.type === 's' || (!isNumber && !wantsNumber(spec) && !isPadded))
    return align('', [...text].slice(0, spec.precision).join(''), spec, '<')
  const number = toNumber(value)
  if (number === undefined) return undefined
  const isNegative = number < 0 || Object.is(number, -0)
  const digits = writeDigits(isNegative ? -number : number, spec)
  if (digits === undefined) return undefined
  const sign = isNegative ? '-' : spec.sign === '-' ? '' : spec.sign
  const prefix = spec.hasPrefix && /[boxX]/.test(spec.type) ? `0${spec.type}` : ''
  const every = /[boxX]/.test(spec.type) ? 4 : 3
  return align(sign + prefix, group(digits, spec.grouping, every), spec, '>')
}

function toNumber(value: unknown): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (DIGITS.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text)
  return NUMBER.test(text) ? Number(text) : undefined
}

/** @param value - Not below zero. */
function writeDigits(value: number | bigint, { type, precision }: FormatSpec): string | undefined {
  if (WHOLE.test(type)) {
    if (typeof value === 'number' && !Number.isInteger(value)) return undefined
    const radix = type === 'b' ? 2 : type === 'o' ? 8 : type === 'd' ? 10 : 16
    const digits = BigInt(value).toString(radix)
    return type === 'X' ? digits.toUpperCase() : digits
  }
  const double = Number(value)
  switch (type) {
    case 'f':
    case 'F':
      return toFixed(double, precision ?? 6)
    case '%':
      return `${toFixed(double * 100, precision ?? 6)}%`
    case 'e':
      return toExponential(double, precision ?? 6)
    case 'E':
      return toExponential(double, precision ?? 6).toUpperCase()
    case 'g':
      return toGeneral(double, precision ?? 6)
    case 'G':
      return toGeneral(double, precision ?? 6).toUpperCase()
    default:
      return precision === undefined ? String(value) : toGeneral(double, precision)
  }
}

function group(digits: string, mark: string, every: number): string {
  if (mark === '') return digits
  const end = /[.e%]/i.exec(digits)?.index ?? digits.length
  const whole = every === 4 ? digits : digits.slice(0, end)
  const grouped = whole.replace(every === 4 ? /\B(?=(?:.{4})+$)/g : /\B(?=(?:\d{3})+$)/g, mark)
  return every === 4 ? grouped : grouped + digits.slice(end)
}

function align(before: string, text: string, spec: FormatSpec, usual: '<' | '>'): string {
  const missing = spec.width - [...before, ...text].length
  if (missing <= 0) return before + text
  const fill = (count: number): string => spec.fill.repeat(count)
  switch (spec.align ?? usual) {
    case '<':
      return before + text + fill(missing)
    case '>':
      return fill(missing) + before + text
    case '^':
      return fill(Math.floor(missing / 2)) + before + text + fill(Math.ceil(missing / 2))
    default:
      // Padding of a text that stands for a number has no sign to stand behind.
      return usual === '<' ? before + text + fill(missing) : before + fill(missing) + text
  }
}
