import type { Query } from '@timeskein/query'
import { AnalyzeError } from '../analyze-error.ts'

/** Parameters of a run by name. */
export type Parameters = Readonly<Record<string, unknown>>

/** Most buckets of one aggregation (OpenSearch's `search.max_buckets`). */
export const MAX_BUCKETS = 65_535

/** Refuses a parameter: what was expected, what was found. */
export function refuse(parameter: string, expected: string, found: unknown): never {
  const shown = (JSON.stringify(found) ?? 'nothing').slice(0, 200)
  throw new AnalyzeError('bad-parameter', `${parameter}: ${expected} was expected, found ${shown}`, parameter)
}

/** Text; the fallback when it is missing or empty. */
export function readText(parameters: Parameters, name: string, fallback = ''): string {
  const value = parameters[name]
  if (value === undefined || value === null || value === '') return fallback
  return typeof value === 'string' ? value : refuse(name, 'text', value)
}

/** The field that is counted. */
export function requireField(parameters: Parameters): string {
  return (
    readText(parameters, 'field') ||
    refuse('field', 'a field is needed: the name of one', parameters['field'])
  )
}

/** A whole number from 1 to `MAX_BUCKETS`, also as digits. */
export function readCount(parameters: Parameters, name: string, fallback: number): number {
  const value = parameters[name]
  if (value === undefined || value === null || value === '') return fallback
  const count = typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value
  if (typeof count === 'number' && Number.isSafeInteger(count) && count > 0)
    return Math.min(count, MAX_BUCKETS)
  return refuse(name, 'a number above 0', value)
}

/** An object, without prototype. */
export function asRecord(value: unknown): Parameters | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  return Object.assign(Object.create(null), value)
}

const ISO_DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** An end of the time range, ISO 8601; undefined when it is open. */
export function readTime(parameters: Parameters, name: string, label: string): string | undefined {
  const value = parameters[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string' && ISO_DATE.test(value)) return value.replace(' ', 'T')
  const shown = String(value).slice(0, 200)
  throw new AnalyzeError('bad-parameter', `${label} is not ISO formatted [${shown}]`, name)
}

/** `start_time` and `end_time` as a question. */
export function readTimeRange(parameters: Parameters): Query {
  const gte = readTime(parameters, 'start_time', 'Start time')
  const lte = readTime(parameters, 'end_time', 'End time')
  if (gte === undefined && lte === undefined) return { kind: 'all' }
  return {
    kind: 'range',
    field: 'datetime',
    ...(gte === undefined ? {} : { gte }),
    ...(lte === undefined ? {} : { lte }),
  }
}
