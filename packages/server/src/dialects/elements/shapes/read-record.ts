import type { ElementsNamed } from '@timeskein/model/elements'

/** A record of a platform, of which nothing is sure. */
export type PlatformRecord = Readonly<Record<string, unknown>>

/** A text that is not empty. */
export function readString(record: PlatformRecord, name: string): string | undefined {
  const value = record[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Texts of a list. */
export function readStrings(record: PlatformRecord, name: string): string[] | undefined {
  const value = record[name]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined
}

/** One of some words, in any case. */
export function readWord<Word extends string>(
  record: PlatformRecord,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = readString(record, name)?.toLowerCase()
  return words.find((word) => word.toLowerCase() === value)
}

/** Id and name of something. */
export function readNamed(record: PlatformRecord, name: string): ElementsNamed | undefined {
  const value = record[name]
  if (typeof value !== 'object' || value === null) return undefined
  const inner = value as PlatformRecord
  const id = readString(inner, 'id')
  return id === undefined ? undefined : { ...inner, id, name: readString(inner, 'name') ?? '' }
}
