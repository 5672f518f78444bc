import { Buffer } from 'node:buffer'
import { joinMembers, splitMembers } from '@timeskein/model'
import type { Mapping } from '../schemas/mapping.ts'
import type { BatchBuilder } from './batch-builder.ts'
import { readRowValue } from './row-values.ts'

/** What an event's text and columns call the description of its time. */
const FIELD = 'timestamp_desc'
const QUOTED_FIELD = Buffer.from(JSON.stringify(FIELD))

/** What the row that is being written says itself of its time, by its own field or by the mapping. */
export function readDescription(builder: BatchBuilder, { profile }: Mapping): string | undefined {
  const { aliases, constants } = profile
  const alias = Object.hasOwn(aliases, FIELD) ? aliases[FIELD] : undefined
  const value =
    readRowValue(builder, FIELD) ?? (alias === undefined ? undefined : readRowValue(builder, alias))
  return value === undefined ? constants[FIELD] : String(value)
}

/**
 * Gives the row that is being written another description, in its columns.
 *
 * @param source - Holds the row's JSON text from `start` to `end` (exclusive).
 * @returns The row's JSON text with that description.
 */
export function replaceDescription(
  builder: BatchBuilder,
  description: string,
  source: Uint8Array,
  start: number,
  end: number,
): Uint8Array {
  const { row } = builder
  let wasThere = false
  for (const column of [
    builder.findStringColumn(FIELD),
    builder.findIntegerColumn(FIELD),
    builder.findRealColumn(FIELD),
    builder.findBooleanColumn(FIELD),
  ]) {
    if (!column || column.count === 0 || column.rows[column.count - 1] !== row) continue
    column.truncate(row)
    wasThere = true
  }
  builder.stringColumn(FIELD).appendText(row, description)
  const text = Buffer.from(source.buffer, source.byteOffset + start, end - start)
  // The name stands there without a value where that is null.
  if (!wasThere && text.indexOf(QUOTED_FIELD) < 0) {
    const member = Buffer.from(`{${JSON.stringify(FIELD)}:${JSON.stringify(description)},`)
    return Buffer.concat([member, text.subarray(1)])
  }
  const members = splitMembers(text.toString('utf8'))
  return Buffer.from(joinMembers(members.set(FIELD, JSON.stringify(description))))
}
