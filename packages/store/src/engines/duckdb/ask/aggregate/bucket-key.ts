import { KEYWORD_MAX_UNITS } from '../../layout.ts'
import type { FieldTest } from '../match/field-test.ts'
import type { ExactNumber } from '../match/number-test.ts'
import { compareCodePoints } from '../match/test-value.ts'
import type { ColumnLetter } from './field-values.ts'

/**
 * The key of a value's bucket. Whole numbers of 64 bits that a double cannot tell from their neighbours are their digits,
 * as text, be they integers or doubles; true and false are `true` and `false`.
 */
export function toKey(kind: ColumnLetter, value: unknown): string | number {
  if (kind === 's') return String(value)
  if (kind === 'b') return value === true || Number(value) === 1 ? 'true' : 'false'
  const number = Number(value)
  if (!Number.isInteger(number) || Number.isSafeInteger(number)) return number
  if (typeof value === 'bigint') return String(value)
  return Math.abs(number) < 2 ** 63 ? String(BigInt(number)) : number
}

/** The test that values of a bucket pass. */
export function equalTest(key: string | number): FieldTest {
  const number = numberOf(key)
  const test: FieldTest = number === undefined ? {} : { number: { gte: number, lte: number } }
  if (typeof key === 'number') return test
  const text = {
    kind: 'whole',
    matcher: { kind: 'equal', text: key, ignoreCase: false },
    maxUnits: KEYWORD_MAX_UNITS,
  } as const
  return key === 'true' || key === 'false' ? { text, boolean: key === 'true' } : { ...test, text }
}

/** Numbers by size, before all texts. */
export function compareKeys(a: string | number, b: string | number): number {
  const numberA = numberOf(a)
  const numberB = numberOf(b)
  if (numberA !== undefined && numberB !== undefined)
    return numberA < numberB ? -1 : Number(numberA > numberB)
  if (numberA === undefined && numberB === undefined) return compareCodePoints(String(a), String(b))
  return numberA === undefined ? 1 : -1
}

/** The number that a key stands for, exactly; undefined for a text. */
function numberOf(key: string | number): ExactNumber | undefined {
  if (typeof key === 'number') return Number.isInteger(key) ? BigInt(key) : key
  if (!/^-?[1-9]\d{15,18}$/.test(key) || Number.isSafeInteger(Number(key))) return undefined
  return BigInt(key)
}
