/** What JSON can hold; integers beyond 2^53, which a number would round, are bigints. */
export type ExactJson =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly ExactJson[]
  | { readonly [name: string]: ExactJson }

// Integers of 16 digits may be beyond 2^53 - 1 = 9007199254740991, those of 17 are.
const MAY_BE_LARGE = /[:,[\s]-?(?:\d{17,}|9\d{15})[\s,}\]]/

/**
 * Parses JSON without rounding: an integer that a number cannot hold becomes a bigint. Costs nothing extra where there is none.
 *
 * Needs the source text of values (ECMAScript proposal "JSON.parse source text access", in V8 since 11.4); a runtime without it
 * gives the rounded number.
 *
 * @throws {SyntaxError} For what is not JSON.
 */
export function parseExactJson(text: string): ExactJson {
  if (!MAY_BE_LARGE.test(text)) return JSON.parse(text)
  return JSON.parse(text, reviveExactly as (key: string, value: unknown) => unknown)
}

function reviveExactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value
  return /^-?\d+$/.test(source) ? BigInt(source) : value
}

// ECMAScript proposal "JSON.parse source text access", in V8 since 11.4.
const { rawJSON } = JSON as typeof JSON & { rawJSON?: (text: string) => unknown }

/** The JSON of a value; bigints become numbers with all their digits. */
export function stringifyExactJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'bigint' ? (rawJSON?.(String(member)) ?? Number(member)) : member,
  )
}
