import { createHash } from 'node:crypto'
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
  const json = stringifyExactJson(item)
  return { json, record: JSON.parse(json) as PlatformRecord }
}

/** What an item is told by from its other versions: its content in whatever order, without what moves all the time. */
export function hashItem({ volatile = [] }: PlatformKind, record: PlatformRecord): string {
  const kept = Object.fromEntries(Object.entries(record).filter(([name]) => !volatile.includes(name)))
  const hash = createHash('sha256')
  hash.update(JSON.stringify(kept, sortMembers))
  return hash.digest('base64url').slice(0, 22)
}

function sortMembers(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
