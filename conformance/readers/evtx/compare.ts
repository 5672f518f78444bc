import { flattenEvtxEvent } from '../../../packages/ingest/src/schemas/flatten-evtx.ts'
import type { FlatRecord } from './read-ours.ts'

const GUID = /^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\d*Z$/
/** What we make of a record beyond what it says. */
const OWN = new Set(['message', 'written_time', 'timestamp_desc'])

/**
 * Says how our record differs from the same one in the shape of evtx_dump; undefined when it does not.
 *
 * Nothing counts in which releases of evtx_dump differ among themselves: braces and case of GUIDs, digits of times beyond the
 * sixth, white space at the end of texts, null or an empty text for what is not there, `true` for odd flags.
 */
export function findDifference(ours: FlatRecord, theirs: unknown): string | undefined {
  const flat = flattenEvtxEvent(theirs)
  if (flat === undefined) return 'theirs is no event'
  const left = normalize(ours)
  const right = normalize(flat)
  for (const name of OWN) if (!right.has(name)) left.delete(name)
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    if (left.get(name) === right.get(name)) continue
    return `${name}: ours ${left.get(name) ?? 'not there'}, theirs ${right.get(name) ?? 'not there'}`
  }
  return undefined
}

function normalize(record: FlatRecord): Map<string, string> {
  const members = Object.entries(record).map(([name, value]) => [name, normalizeValue(value)] as const)
  return new Map(members.filter(([, value]) => value !== ''))
}

function normalizeValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return `[${value.map(normalizeValue).join('|')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value).map(([name, item]) => `${name}=${normalizeValue(item)}`)
    return `{${members.sort().join('|')}}`
  }
  const text = String(value).trimEnd()
  if (GUID.test(text)) return text.toLowerCase().replace(/[{}]/g, '')
  return TIME.exec(text)?.[1] ?? text
}
