import type { PlatformRecord } from './platform-kind.ts'

/** Milliseconds of the latest moment that a `Date` can hold. */
const MAX_DATE_MS = 8.64e15
/** Numbers below are seconds since 1970, others milliseconds: the year 5138, and March 1973. */
const MIN_EPOCH_MS = 1e11
const ISO_DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|$)/

/** Where each path leads that is asked for: there are as many as the sorts of items name, and each is taken apart once. */
const STEPS = new Map<string, readonly [name: string, rest: string] | undefined>()

/** The value of a member by its path with dots: a name with dots of its own counts before members inside of one another. */
export function readPath(record: PlatformRecord, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path]
  const step = STEPS.has(path) ? STEPS.get(path) : takeApart(path)
  if (step === undefined) return undefined
  const [name, rest] = step
  const inner = Object.hasOwn(record, name) ? record[name] : undefined
  return isRecord(inner) ? readPath(inner, rest) : undefined
}

function takeApart(path: string): readonly [name: string, rest: string] | undefined {
  const dot = path.indexOf('.')
  const step = dot < 0 ? undefined : ([path.slice(0, dot), path.slice(dot + 1)] as const)
  STEPS.set(path, step)
  return step
}

/** A text that is not empty; numbers and booleans as they are written. The first of the paths that has one counts. */
export function readText(record: PlatformRecord, ...paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const value = readPath(record, path)
    if (typeof value === 'string' && value.trim() !== '') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  }
  return undefined
}

/** A number, also one that is written as text. */
export function readNumber(record: PlatformRecord, ...paths: readonly string[]): number | undefined {
  const text = readText(record, ...paths)
  const number = text === undefined ? Number.NaN : Number(text)
  return Number.isFinite(number) ? number : undefined
}

/** Texts of a list, or of one text with commas. */
export function readTexts(record: PlatformRecord, path: string): readonly string[] {
  const value = readPath(record, path)
  if (Array.isArray(value)) return value.filter((one): one is string => typeof one === 'string')
  if (typeof value !== 'string') return []
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/**
 * A time as ISO 8601: a date as it stands, or seconds or milliseconds since 1970 (as number or digits). The first of the paths
 * that has one counts.
 */
export function readTime(record: PlatformRecord, ...paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const time = toIsoTime(readPath(record, path))
    if (time !== undefined) return time
  }
  return undefined
}

function toIsoTime(value: unknown): string | undefined {
  if (typeof value === 'string' && ISO_DATE.test(value))
    return Number.isNaN(Date.parse(value)) ? undefined : value
  const number = typeof value === 'string' && /^\d{9,16}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !(number > 0)) return undefined
  const ms = number < MIN_EPOCH_MS ? number * 1000 : number
  return ms > MAX_DATE_MS ? undefined : new Date(ms).toISOString()
}

/** An object of that type whose optional members may be undefined. */
export type WithGaps<Of> = {
  readonly [Name in keyof Of]: object extends Pick<Of, Name> ? Of[Name] | undefined : Of[Name]
}

/** The members that have a value. */
export function dropUndefined<Of extends object>(record: WithGaps<Of>): Of {
  const members = record as Readonly<Record<string, unknown>>
  const kept: Record<string, unknown> = {}
  for (const name of Object.keys(members)) if (members[name] !== undefined) kept[name] = members[name]
  // What is left out was optional.
  return kept as Of
}

/** Parts of a name as Windows writes it: `DOMAIN\user`. */
export function splitAccount(account: string | undefined): { name?: string; domain?: string } {
  if (account === undefined) return {}
  const at = account.indexOf('\\')
  if (at <= 0 || at === account.length - 1) return { name: account }
  return { domain: account.slice(0, at), name: account.slice(at + 1) }
}

/** The last part of a path of Windows or Unix. */
export function readBaseName(path: string | undefined): string | undefined {
  return path?.split(/[\\/]/).at(-1) || undefined
}

export function isRecord(value: unknown): value is PlatformRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
