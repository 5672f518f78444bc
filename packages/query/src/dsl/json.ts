import { MAX_CLAUSES, MAX_NESTING_DEPTH } from '../limits.ts'
import type { Query } from '../query.ts'
import { QueryError } from '../query-error.ts'

/** A JSON object from outside: read its keys with `Object.keys`, never through its prototype. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Where in a request we are, what reads the queries inside it, and how many clauses were read. */
export interface DslContext {
  readonly depth: number
  readonly budget: { clauses: number }
  /** Reads a query object one level down; handed over so that clause readers need not know each other. */
  readonly parse: (value: unknown, path: string, context: DslContext) => Query
}

/** A context one level down. @throws {QueryError} When the nesting or the number of clauses passes its limit. */
export function descend(context: DslContext, path: string): DslContext {
  if (context.depth >= MAX_NESTING_DEPTH) fail(path, `queries are nested more than ${MAX_NESTING_DEPTH} deep`)
  countClauses(context, 1, path)
  return { ...context, depth: context.depth + 1 }
}

/** Counts clauses towards `MAX_CLAUSES`. @throws {QueryError} When that is passed. */
export function countClauses(context: DslContext, count: number, path: string): void {
  context.budget.clauses += count
  if (context.budget.clauses > MAX_CLAUSES) fail(path, `the query has more than ${MAX_CLAUSES} clauses`)
}

/** Refuses a request, naming the place as a JSON path. */
export function fail(path: string, sentence: string): never {
  throw new QueryError(`Cannot read the query at ${path}: ${sentence}.`, path, 0)
}

/** What a value is, for a sentence. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (typeof value === 'object') return 'an object'
  return value === undefined ? 'nothing' : String(value)
}

/** True for a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value that must be an object. */
export function readObject(value: unknown, path: string): JsonObject {
  return isObject(value) ? value : fail(path, `an object was expected, found ${describe(value)}`)
}

/** An object of exactly one key, such as `{field: …}`. */
export function readSingle(
  value: unknown,
  path: string,
  what: string,
): { key: string; value: unknown; path: string } {
  const object = readObject(value, path)
  const keys = Object.keys(object)
  if (keys.length !== 1)
    fail(path, `one ${what} was expected, found ${keys.length} (${keys.slice(0, 5).join(', ')})`)
  const key = keys[0]!
  return { key, value: object[key], path: `${path}.${key}` }
}

/** `{field: value}` with options such as `boost` beside the field left aside. */
export function readField(value: unknown, path: string): { field: string; value: unknown; path: string } {
  const object = readObject(value, path)
  const keys = Object.keys(object).filter((key) => key !== 'boost' && key !== '_name')
  if (keys.length !== 1)
    fail(path, `one field was expected, found ${keys.length} (${keys.slice(0, 5).join(', ')})`)
  const field = keys[0]!
  return { field, value: object[field], path: `${path}.${field}` }
}

/** An object's own value, never one of its prototype. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Refuses keys that are not in the list. */
export function checkKeys(object: JsonObject, known: readonly string[], path: string): void {
  for (const key of Object.keys(object)) {
    if (!known.includes(key))
      fail(`${path}.${key}`, `nothing of this name is known here; known are ${known.join(', ')}`)
  }
}

/** Text, or a number or boolean as text. */
export function readText(value: unknown, path: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return fail(path, `text was expected, found ${describe(value)}`)
}

/** A list of texts; one text counts as a list of one. */
export function readTexts(value: unknown, path: string): string[] {
  const list = Array.isArray(value) ? value : [value]
  return list.map((item, index) => readText(item, `${path}[${index}]`))
}

/** A whole number of at least `min`, also as text; undefined for nothing. */
export function readInteger(value: unknown, path: string, min: number): number | undefined {
  if (value === undefined || value === null) return undefined
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= min) return number
  return fail(path, `a whole number of at least ${min} was expected, found ${describe(value)}`)
}

/** True, false or their names; undefined for nothing. */
export function readBoolean(value: unknown, path: string): boolean | undefined {
  if (value === undefined || value === null) return undefined
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  return fail(path, `true or false was expected, found ${describe(value)}`)
}

/** `and` or `or`, in any case. */
export function readOperator(value: unknown, path: string, fallback: 'and' | 'or'): 'and' | 'or' {
  if (value === undefined || value === null) return fallback
  const text = typeof value === 'string' ? value.toLowerCase() : value
  if (text === 'and' || text === 'or') return text
  return fail(path, `"and" or "or" was expected, found ${describe(value)}`)
}

/** Field names without boosts; undefined stands for every field. */
export function readFields(value: unknown, path: string): (string | undefined)[] {
  const names = readTexts(value, path).map((name) => name.replace(/\^\d+(\.\d+)?$/, ''))
  return names.length === 0 || names.includes('*') ? [undefined] : names
}

/** One of the parts, if there is only one; else any of them. */
export function anyOf(parts: readonly Query[]): Query {
  return parts.length === 1 ? parts[0]! : { kind: 'or', of: parts }
}

/** One of the parts, if there is only one; else all of them. */
export function allOf(parts: readonly Query[]): Query {
  return parts.length === 1 ? parts[0]! : { kind: 'and', of: parts }
}
