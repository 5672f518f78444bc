import type { StatementSync } from 'node:sqlite'

/**
 * Has a statement give its rows as arrays, and makes of each an object of one shape. Those that `node:sqlite` makes by itself are
 * dictionaries: of the 32 columns of an alert, to make and read them took three times as long.
 */
export function shapeRows(statement: StatementSync): (values: unknown) => Record<string, unknown> {
  // Node 22 may have none of it yet.
  if (!('setReturnArrays' in statement)) return (row) => row as Record<string, unknown>
  statement.setReturnArrays(true)
  const names = statement.columns().map(({ name }) => name)
  return (values) => {
    const row: Record<string, unknown> = {}
    for (let place = 0; place < names.length; place++) row[names[place]!] = (values as unknown[])[place]
    return row
  }
}
