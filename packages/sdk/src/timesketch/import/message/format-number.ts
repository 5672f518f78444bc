/** Beyond it `toFixed` of the language writes an exponent. */
const FIRST_WITH_EXPONENT = 1e21
/** More digits than `places` that show whether a number lies halfway between two. */
const MORE_DIGITS = 25

/** As Python's `f`: a number halfway between two goes to the even one, where the language goes up. @param value - Not below zero. */
export function toFixed(value: number, places: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : 'inf'
  if (value >= FIRST_WITH_EXPONENT) {
    const whole = BigInt(value).toString()
    return places === 0 ? whole : `${whole}.${'0'.repeat(places)}`
  }
  const text = value.toFixed(places)
  if (!isHalfway(value, places) || !/[13579]$/.test(text)) return text
  const down = BigInt(text.replace('.', '')) - 1n
  const digits = down.toString().padStart(places + 1, '0')
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

function isHalfway(value: number, places: number): boolean {
  if (places + MORE_DIGITS > 100) return false
  const text = value.toFixed(places + MORE_DIGITS)
  return /^50*$/.test(text.slice(text.indexOf('.') + 1 + places))
}

/** As Python's `e`: an exponent has two digits. */
export function toExponential(value: number, places: number): string {
  if (!Number.isFinite(value)) return toFixed(value, 0)
  return value.toExponential(places).replace(/e([-+])(\d)$/, 'e$10$2')
}

/** As Python's `g`: so many digits that count, without zeros behind them. */
export function toGeneral(value: number, digits: number): string {
  if (!Number.isFinite(value)) return toFixed(value, 0)
  const precision = Math.max(1, digits)
  const exponent = value === 0 ? 0 : Number(value.toExponential(precision - 1).split('e')[1])
  if (exponent < -4 || exponent >= precision) {
    const [mantissa = '', power] = toExponential(value, precision - 1).split('e')
    return `${withoutZeros(mantissa)}e${power}`
  }
  return withoutZeros(toFixed(value, precision - 1 - exponent))
}

/** Without the zeros that end a fraction. */
function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
