import type { Buffer } from 'node:buffer'
import type { JsonLayout } from '../json/json-walker.ts'
import { findWrappedArray } from '../json/json-walker.ts'

/** How a JSON text holds its rows: one object a line, or as the layout says. */
export type JsonShape = { readonly kind: 'lines' } | JsonLayout

/** Names under which tools wrap the records of a whole file (CloudTrail, Microsoft Graph, Okta, Velociraptor, exports of SIEMs). */
const WRAPPER_NAMES = [
  'Records',
  'records',
  'Events',
  'events',
  'items',
  'Items',
  'value',
  'data',
  'results',
  'logs',
  'logEvents',
  'entries',
  'rows',
  'hits',
  'alerts',
  'agents',
  'objects',
  'LookupEvents',
]
const TIME_NAME = /time|date|(^|_)ts$|stamp/i
const SAMPLED_LINES = 20

/**
 * Tells how a text that may be JSON holds its rows.
 *
 * @param sample - The beginning of the text, UTF-8 without byte order mark.
 * @param isWhole - The sample is the whole text.
 * @returns Undefined when it is no JSON.
 */
export function detectJson(sample: Buffer, isWhole: boolean): JsonShape | undefined {
  const start = skipSpace(sample, 0)
  if (/^Record \d+\r?\n\s*\{/.test(sample.toString('latin1', start, start + 64))) return { kind: 'documents' }
  if (sample[start] === 0x5b) {
    const next = skipSpace(sample, start + 1)
    if (sample[next] === 0x7b || sample[next] === 0x5d || sample[next] === 0x5b) return { kind: 'array' }
  }
  const isLines = areObjectLines(takeLines(sample, start, isWhole))
  if (sample[start] !== 0x7b) return isLines ? { kind: 'lines' } : undefined
  const afterBrace = sample[skipSpace(sample, start + 1)]
  if (afterBrace !== 0x22 && afterBrace !== 0x7d) return isLines ? { kind: 'lines' } : undefined
  const key = findWrapperName(sample, start)
  if (key !== undefined) return { kind: 'wrapped', key }
  return isLines ? { kind: 'lines' } : { kind: 'documents' }
}

/**
 * The name of the member that holds an object's rows: its value begins as an array of objects, and it goes by a name that
 * wrappers have or is the only member. An object with a time of its own is a row.
 */
function findWrapperName(sample: Buffer, start: number): string | undefined {
  const names = listNames(sample, start)
  const head = sample.toString('utf8', start, start + 512)
  const first = /^\{\s*("(?:[^"\\]|\\.)*")\s*:\s*\[\s*\{/.exec(head)?.[1]
  const isAlone = first !== undefined && (names === undefined || names.length === 1)
  const candidates = isAlone ? [...WRAPPER_NAMES, String(JSON.parse(first))] : WRAPPER_NAMES
  for (const name of candidates) {
    const content = findWrappedArray(sample, start, name)
    if (content < 0 || !beginsWithObject(sample, content)) continue
    const beside = names ?? listNamesBefore(sample, start, content)
    return beside.some((other) => other !== name && TIME_NAME.test(other)) ? undefined : name
  }
  return undefined
}

function beginsWithObject(sample: Buffer, content: number): boolean {
  const first = sample[skipSpace(sample, content)]
  return first === 0x7b || first === 0x5d
}

/** Names of the members of the first object, where it is whole and alone or fills its line. */
function listNames(sample: Buffer, start: number): string[] | undefined {
  const lineEnd = sample.indexOf(0x0a, start)
  for (const end of [lineEnd < 0 ? sample.length : lineEnd, sample.length]) {
    try {
      const value: unknown = JSON.parse(sample.toString('utf8', start, end))
      return value !== null && typeof value === 'object' ? Object.keys(value) : undefined
    } catch {
      // Not whole, or followed by more.
    }
  }
  return undefined
}

function listNamesBefore(sample: Buffer, start: number, content: number): string[] {
  const before = sample.toString('utf8', start, Math.min(content, start + 64 * 1024))
  return [...before.matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g)].map(([, name]) => name!)
}

/** The first complete lines that are not blank. */
function takeLines(sample: Buffer, start: number, isWhole: boolean): string[] {
  const lines: string[] = []
  for (let at = start; at < sample.length && lines.length < SAMPLED_LINES; ) {
    const found = sample.indexOf(0x0a, at)
    if (found < 0 && !isWhole) break
    const end = found < 0 ? sample.length : found
    const line = sample.toString('utf8', at, end).trim()
    if (line !== '') lines.push(line)
    at = end + 1
  }
  return lines
}

/** Whether at least half of the lines are objects; below one that is, other values on lines of their own are rows, too. */
function areObjectLines(lines: readonly string[]): boolean {
  const objects = lines.filter((line) => line.startsWith('{') && isJson(line))
  if (objects.length === 0) return false
  const rows = objects[0] === lines[0] ? lines.filter(isJson) : objects
  return rows.length * 2 >= lines.length
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    // Broken, or one line of a longer document.
    return false
  }
}

function skipSpace(bytes: Buffer, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at]! <= 0x20 && bytes[at] !== 0) at++
  return at
}
