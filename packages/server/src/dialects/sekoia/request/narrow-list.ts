import { readTimeUs } from '../../../services/intakes/describe-event.ts'
import type { ListRequest } from './list-request.ts'

/** What a field of an item is. */
export type ReadField<Item> = (item: Item) => unknown
/** Fields of items by the names that requests use. */
export type FieldReaders<Item> = Readonly<Record<string, ReadField<Item>>>

/** Whether an item is what a request wants. @param fields - Those that it may name. */
export function isWanted<Item>(item: Item, request: ListRequest, fields: FieldReaders<Item>): boolean {
  for (const [field, values] of request.match)
    if (fields[field] && !isOneOf(fields[field](item), values)) return false
  for (const [field, values] of request.nomatch)
    if (fields[field] && isOneOf(fields[field](item), values)) return false
  for (const [field, [from, to]] of request.date) {
    const us = readTimeUs(fields[field]?.(item))
    if (
      fields[field] &&
      (us === undefined || (from !== undefined && us < from) || (to !== undefined && us > to))
    )
      return false
  }
  for (const [field, [min = -Infinity, max = Infinity]] of request.range) {
    const value = Number(fields[field]?.(item))
    if (fields[field] && !(value >= min && value <= max)) return false
  }
  return true
}

/** The page of items that a request wants, and how many there are in all. */
export function pageItems<Item>(
  items: readonly Item[],
  request: ListRequest,
  fields: FieldReaders<Item>,
): { readonly items: Item[]; readonly total: number; readonly has_more: boolean } {
  let wanted = items.filter((item) => isWanted(item, request, fields))
  const read = request.sort === undefined ? undefined : fields[request.sort]
  if (read) {
    const sign = request.direction === 'desc' ? -1 : 1
    wanted = wanted.toSorted((a, b) => compareMembers(read(a), read(b)) * sign)
  }
  const end = request.offset + request.limit
  return { items: wanted.slice(request.offset, end), total: wanted.length, has_more: end < wanted.length }
}

/** Readers of the members of an item that have the same names. */
export function readMembers<Item extends object>(
  names: readonly (keyof Item & string)[],
): FieldReaders<Item> {
  return Object.fromEntries(names.map((name) => [name, (item: Item) => item[name]]))
}

/** Exact, in its case; numbers by their value. */
function isOneOf(value: unknown, wanted: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((one) => isOneOf(one, wanted))
  if (value === null || value === undefined) return false
  if (typeof value === 'number') return wanted.some((text) => text.trim() !== '' && Number(text) === value)
  return wanted.includes(String(value))
}

/** Which of two values of a field comes first: numbers by value, others as texts. */
export function compareMembers(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [one, other] = [String(a ?? ''), String(b ?? '')]
  return one < other ? -1 : one > other ? 1 : 0
}
