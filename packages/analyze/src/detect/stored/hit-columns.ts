import type { IndexReading, RowRange, RowSet, ValueColumn } from '@timeskein/store'

/** Columns that hits have unless a caller says otherwise, by the names that sources have for them. */
export const DEFAULT_COLUMNS: Readonly<Record<string, readonly string[]>> = {
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
  fields: readonly string[],
  rows: RowSet,
  range: RowRange,
  signal: AbortSignal | undefined,
): Promise<ValueColumn> {
  const values: string[] = []
  const numbers = new Map<string, number>()
  const ids = new Int32Array(rows.count).fill(-1)
  let left = rows.count
  for (const field of fields) {
    if (left === 0) break
    if (!index.fieldNames.has(field)) continue
    const column = await index.valuesAt(field, rows, range, signal)
    const renumbered = column.values.map((value) => {
      let number = numbers.get(value)
      if (number === undefined) {
        number = values.push(value) - 1
        numbers.set(value, number)
      }
      return number
    })
    for (let i = 0; i < ids.length; i++) {
      if (ids[i]! >= 0 || column.ids[i]! < 0) continue
      ids[i] = renumbered[column.ids[i]!]!
      left--
    }
  }
  return { values, ids }
}
