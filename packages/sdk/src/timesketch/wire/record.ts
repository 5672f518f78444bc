import { AnswerError } from '../../errors/answer-error.ts'
import type { ExactJson } from '../../transport/exact-json.ts'

/** An object of an answer. */
export type WireRecord = { readonly [name: string]: ExactJson }

export function isRecord(value: ExactJson | undefined): value is WireRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member that is a text; '' for null, absent, or another kind. */
export function readText(record: WireRecord, name: string): string {
  const value = record[name]
  return typeof value === 'string' ? value : ''
}

/** A member that is a text with something in it. */
export function readOptionalText(record: WireRecord, name: string): string | undefined {
  return readText(record, name) || undefined
}

/** A member that is a number; 0 for everything else, as the server writes null. */
export function readNumber(record: WireRecord, name: string): number {
  const value = record[name]
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0
}

/** The number that names an object. @throws {AnswerError} When it has none. */
export function readId(record: WireRecord, name = 'id'): number {
  const id = record[name]
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id
  throw new AnswerError('the answer', `an object with a number as "${name}"`, JSON.stringify(id) ?? 'none')
}

export function readFlag(record: WireRecord, name: string): boolean {
  return record[name] === true
}

/** A member that is an object; an empty one for everything else. */
export function readRecord(record: WireRecord, name: string): WireRecord {
  const value = record[name]
  return isRecord(value) ? value : {}
}

/** The objects of a member that is a list of them. */
export function readRecords(record: WireRecord, name: string): readonly WireRecord[] {
  return toRecords(record[name])
}

export function toRecords(value: ExactJson | undefined): readonly WireRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

export function readTexts(record: WireRecord, name: string): readonly string[] {
  return toTexts(record[name])
}

export function toTexts(value: ExactJson | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** JSON that the server keeps as a text; undefined where there is none, or it is none. */
export function readJsonText(record: WireRecord, name: string): ExactJson | undefined {
  const value = record[name]
  if (typeof value !== 'string') return value ?? undefined
  try {
    return JSON.parse(value) as ExactJson
  } catch {
    // What clients have stored there need not be JSON; then there is nothing to be read.
    return undefined
  }
}
