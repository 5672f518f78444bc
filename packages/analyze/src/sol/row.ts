import { isOfKind, type SolTime, type SolValue } from '@timeskein/query/sol'

/** A row: columns by their names, which may have dots, with JSON values; objects and lists may stand in them. */
export type SolRow = Readonly<Record<string, unknown>>

/**
 * What a row holds under a dotted name: a column of that name, else what stands within a column whose name begins it. Of a list of
 * objects the members of all of them are a list.
 *
 * @returns Undefined where there is nothing.
 */
export function readColumn(row: unknown, name: string): unknown {
  if (Array.isArray(row)) {
    const members = row.map((element) => readColumn(element, name)).filter((member) => member !== undefined)
    return members.length === 0 ? undefined : members
  }
  if (typeof row !== 'object' || row === null) return undefined
  if (Object.hasOwn(row, name)) return (row as SolRow)[name]
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const key = name.slice(0, dot)
    if (!Object.hasOwn(row, key)) continue
    const found = readColumn((row as SolRow)[key], name.slice(dot + 1))
    if (found !== undefined) return found
  }
  return undefined
}

/** A JSON value as a value of SOL. */
export function toSolValue(value: unknown): SolValue {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.map(toSolValue)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object') return value as string | number | boolean
  const members = new Map(Object.entries(value).map(([name, member]) => [name, toSolValue(member)]))
  return { kind: 'dict', members }
}

/** A value of SOL as JSON: times as ISO 8601, timespans in seconds. */
export function toJsonValue(value: SolValue): unknown {
  if (value === null || typeof value !== 'object') return value
  if (isOfKind(value, 'time')) return writeTime(value)
  if (isOfKind(value, 'timespan')) return value.ms / 1000
  if (isOfKind(value, 'dict'))
    return Object.fromEntries([...value.members].map(([name, member]) => [name, toJsonValue(member)]))
  return (value as readonly SolValue[]).map(toJsonValue)
}

/** ISO 8601 with milliseconds; null beyond the years that a date can have. */
function writeTime({ ms }: SolTime): string | null {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** Milliseconds since 1970 of a time, or of a text that is one as ISO 8601 writes it (without a zone: UTC); undefined for others. */
export function readMoment(value: SolValue): number | undefined {
  if (isOfKind(value, 'time')) return value.ms
  if (typeof value !== 'string') return undefined
  const found = DATE.exec(value)
  if (!found) return undefined
  const hasZone = found[1] !== undefined || value.length === 10
  const ms = Date.parse(hasZone ? value : `${value}Z`)
  return Number.isNaN(ms) ? undefined : ms
}

/** The members of a list, those of lists in it too; a value that is none is its own. */
export function listElements(value: SolValue): readonly SolValue[] {
  return Array.isArray(value) ? (value as readonly SolValue[]).flatMap(listElements) : [value]
}
