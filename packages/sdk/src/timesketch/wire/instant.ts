import { readText, type WireRecord } from './record.ts'

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:?\d\d)?$/

/**
 * A time of an object as ISO 8601 in UTC with `Z`, with all digits the server gave; undefined where there is none.
 *
 * On the wire there are three spellings: naive UTC with `T`, the same with a blank, and HTTP dates.
 */
export function readInstant(record: WireRecord, name: string): string | undefined {
  const text = readText(record, name)
  const iso = ISO.exec(text)
  if (iso && (iso[3] === undefined || iso[3] === 'Z')) return `${iso[1]}T${iso[2]}Z`
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}
