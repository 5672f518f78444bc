import type { IndexReading, RowRange, RowSet, ValueColumn } from '@timeskein/store'
import type { HitField } from '../contract/detect-request.ts'

/**
 * What Splunk and Logstash write beside the `host` that an event came from. In most other logs that is the host header of a request,
 * which is no device.
 */
const OF_COLLECTORS = ['sourcetype', 'splunk_server', '_raw', '@version']

/** Columns that hits have unless a caller says otherwise, by the names that sources have for them. */
export const DEFAULT_COLUMNS: Readonly<Record<string, readonly HitField[]>> = {
  host: [
    'Computer',
    'host.name',
    'hostname',
    'Hostname',
    'computer_name',
    'winlog.computer_name',
    'agent.name',
    'Event.System.Computer',
    'ComputerName',
    'DeviceName',
    'MachineName',
    { field: 'host', beside: OF_COLLECTORS },
  ],
  account: [
    'User',
    'user.name',
    'SubjectUserName',
    'TargetUserName',
    'winlog.event_data.SubjectUserName',
    'winlog.event_data.TargetUserName',
    'username',
    'userIdentity.arn',
    'AccountName',
    'UserName',
    'user',
  ],
}

/** A value of each of some rows: that of the first field in which the row has one. */
export async function readFirstValues(
  index: IndexReading,
  fields: readonly HitField[],
  rows: RowSet,
  range: RowRange,
  signal: AbortSignal | undefined,
): Promise<ValueColumn> {
  const values: string[] = []
  const numbers = new Map<string, number>()
  const ids = new Int32Array(rows.count).fill(-1)
  let left = rows.count
  for (const hitField of fields) {
    const { field, beside } = asFieldBeside(hitField)
    if (left === 0) break
    if (!index.fieldNames.has(field)) continue
    const column = await index.valuesAt(field, rows, range, signal)
    const isBeside = beside && (await findRowsWith(index, beside, rows, range, signal))
    const renumbered = column.values.map((value) => {
      if (beside && saysNothing(value)) return -1
      let number = numbers.get(value)
      if (number === undefined) {
        number = values.push(value) - 1
        numbers.set(value, number)
      }
      return number
    })
    for (let i = 0; i < ids.length; i++) {
      if (ids[i]! >= 0 || column.ids[i]! < 0 || isBeside?.[i] === 0) continue
      ids[i] = renumbered[column.ids[i]!]!
      if (ids[i]! >= 0) left--
    }
  }
  return { values, ids }
}

/** A field with what must be beside it, where something must. */
export function asFieldBeside(field: HitField): {
  readonly field: string
  readonly beside?: readonly string[]
} {
  return typeof field === 'string' ? { field } : field
}

/** What exports write for a host that they do not know. */
export function saysNothing(value: string): boolean {
  return value === '-'
}

/** 1 for each of some rows that has a value in one of some fields. */
async function findRowsWith(
  index: IndexReading,
  fields: readonly string[],
  rows: RowSet,
  range: RowRange,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const found = new Uint8Array(rows.count)
  for (const field of fields) {
    if (!index.fieldNames.has(field)) continue
    const { ids } = await index.valuesAt(field, rows, range, signal)
    for (let i = 0; i < ids.length; i++) if (ids[i]! >= 0) found[i] = 1
  }
  return found
}
