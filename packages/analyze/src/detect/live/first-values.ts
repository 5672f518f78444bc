import type { ValueColumn } from '@timeskein/store'
import { MAX_SHORT_UNITS } from '../values/texts.ts'
import type { BatchValues } from './batch-values.ts'
import { readValue } from './numbered-column.ts'

/** For each row of a batch the value of the first field in which it has one; put together once for all rules. */
export class FirstValues {
  readonly #values: BatchValues
  readonly #known = new Map<string, ValueColumn>()

  constructor(values: BatchValues) {
    this.#values = values
  }

  /** Those of some rows. Where a row has several in a field, it is the smallest; texts too long for columns are none. */
  of(fields: readonly string[], rows: Uint32Array): ValueColumn {
    const key = JSON.stringify(fields)
    const { values, ids } = this.#known.get(key) ?? this.#read(fields)
    this.#known.set(key, { values, ids })
    const some = new Int32Array(rows.length)
    for (let at = 0; at < rows.length; at++) some[at] = ids[rows[at]!]!
    return { values, ids: some }
  }

  #read(fields: readonly string[]): ValueColumn {
    const texts: string[] = []
    const numbers = new Map<string, number>()
    const ids = new Int32Array(this.#values.batch.rowCount).fill(-1)
    for (const field of fields) {
      const before = ids.slice()
      for (const column of this.#values.ownColumns(field)) {
        const known: (string | undefined)[] = []
        for (let value = 0; value < column.rows.length; value++) {
          const row = column.rows[value]!
          if (before[row]! >= 0) continue
          const first = column.lines[column.starts[value]!]!
          const isLine = column.starts[value + 1]! - column.starts[value]! === 1
          const text = (isLine ? known[first] : undefined) ?? readValue(column, value)
          if (isLine) known[first] = text
          if (text.length > MAX_SHORT_UNITS) continue
          if (ids[row]! >= 0 && texts[ids[row]!]! <= text) continue
          let number = numbers.get(text)
          if (number === undefined) {
            number = texts.push(text) - 1
            numbers.set(text, number)
          }
          ids[row] = number
        }
      }
    }
    return { values: texts, ids }
  }
}
