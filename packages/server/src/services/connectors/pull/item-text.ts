import { hash } from 'node:crypto'
import type { PlatformKind, PlatformRecord } from '@timeskein/ingest/platforms'
import { stringifyExactJson } from '@timeskein/sdk'

/** An item as text and as what the text says. */
export interface ItemText {
  readonly json: string
  readonly record: PlatformRecord
}

/** The JSON of an item, integers of any length with all their digits; undefined for what is no object. */
export function toItemText(item: unknown): ItemText | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined
  try {
    return { json: JSON.stringify(item), record: item as PlatformRecord }
  } catch (error) {
    // An integer that is too large for a number.
    if (!(error instanceof TypeError)) throw error
    const json = stringifyExactJson(item)
    return { json, record: JSON.parse(json) as PlatformRecord }
  }
}

/** What an item is told by from its other versions: its content in whatever order, without what moves all the time. */
export function hashItem({ volatile = [] }: PlatformKind, record: PlatformRecord): string {
  return hash('sha256', JSON.stringify(sortMembers(record, volatile)), 'base64url').slice(0, 22)
}

function sortMembers(record: object, left: readonly string[] = []): object {
  const members = record as Readonly<Record<string, unknown>>
  const sorted: Record<string, unknown> = {}
  for (const name of Object.keys(members).sort()) {
    if (left.includes(name)) continue
    const value = sortValue(members[name])
    if (name !== '__proto__') sorted[name] = value
    else Object.defineProperty(sorted, name, { value, enumerable: true })
  }
  return sorted
}

function sortValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? value.map(sortValue) : sortMembers(value)
}
