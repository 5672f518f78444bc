import { Buffer } from 'node:buffer'
import { joinMembers, listMembers } from '@timeskein/model/events'
import type { BatchBuilder } from './batch-builder.ts'

/** A top-level field of a row, and what it is to say instead. */
export type RowChange = readonly [field: string, value: string | bigint | readonly string[]]

/**
 * Gives the row that is being written other values in its columns.
 *
 * @returns Whether a field had values there before.
 */
export function changeColumns(builder: BatchBuilder, changes: readonly RowChange[]): boolean {
  let hadValues = false
  for (const [field, value] of changes) {
    if (clearValues(builder, field)) hadValues = true
    appendValue(builder, field, value)
  }
  return hadValues
}

/** The JSON text of a row, with other values. */
export function changeText(text: string, changes: readonly RowChange[]): Uint8Array {
  const members = listMembers(text)
  for (const [field, value] of changes)
    setMember(members, field, typeof value === 'bigint' ? String(value) : JSON.stringify(value))
  return Buffer.from(joinMembers(members))
}

/** Gives a member another value where it stands first, or adds it; others of its name are gone. */
function setMember(members: [name: string, value: string][], name: string, value: string): void {
  const first = members.findIndex(([known]) => known === name)
  if (first < 0) {
    members.push([name, value])
    return
  }
  members[first]![1] = value
  for (let at = members.length - 1; at > first; at--) if (members[at]![0] === name) members.splice(at, 1)
}

/** Takes back the values that a field has in the row; false when it had none. */
function clearValues(builder: BatchBuilder, field: string): boolean {
  let wasThere = false
  for (const column of [
    builder.findStringColumn(field),
    builder.findIntegerColumn(field),
    builder.findRealColumn(field),
    builder.findBooleanColumn(field),
  ]) {
    if (!column || column.count === 0 || column.rows[column.count - 1] !== builder.row) continue
    column.truncate(builder.row)
    wasThere = true
  }
  return wasThere
}

function appendValue(builder: BatchBuilder, field: string, value: RowChange[1]): void {
  if (typeof value === 'bigint') {
    const high = Number(BigInt.asUintN(32, value >> 32n))
    builder.integerColumn(field).append(builder.row, Number(BigInt.asUintN(32, value)), high)
    return
  }
  const texts = typeof value === 'string' ? [value] : value
  for (const text of texts) builder.stringColumn(field).appendText(builder.row, text)
}
