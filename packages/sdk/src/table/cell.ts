import { type ExactJson, stringifyExactJson } from '../transport/exact-json.ts'

const INT64_LIMIT = 2n ** 63n

export function isInt64(value: bigint): boolean {
  return value >= -INT64_LIMIT && value < INT64_LIMIT
}

/** A value as the text of a cell: text as it is, JSON for everything else, '' for nothing. */
export function toColumnText(value: ExactJson | undefined): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : stringifyExactJson(value)
}
