import type { ValueColumn } from '@timeskein/store'
import type { HitField } from '../contract/detect-request.ts'
import { asFieldBeside, saysNothing } from '../stored/hit-columns.ts'
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
  of(fields: readonly HitField[], rows: Uint32Array): ValueColumn {
    const key = JSON.stringify(fields)
    const { values, ids } = this.#known.get(key) ?? this.#read(fields)
    this.#known.set(key, { values, ids })
    const some = new Int32Array(rows.length)
    for (let at = 0; at < rows.length; at++) some[at] = ids[rows[at]!]!
    return { values, ids: some }
  }

  #read(fields: readonly HitField[]): ValueColumn {
    const texts: string[] = []
    const numbers = new Map<string, number>()
    const ids = new Int32Array(this.#values.batch.rowCount).fill(-1)
    for (const hitField of fields) {
      const { field, beside } = asFieldBeside(hitField)
      const before = ids.slice()
      const isBeside = beside && this.#findRowsWith(beside)
      for (const column of this.#values.ownColumns(field)) {
        const known: (string | undefined)[] = []
        for (let value = 0; value < column.rows.length; value++) {
          const row = column.rows[value]!
          if (before[row]! >= 0 || isBeside?.[row] === 0) continue
          const first = column.lines[column.starts[value]!]!
          const isLine = column.starts[value + 1]! - column.starts[value]! === 1
          const text = (isLine ? known[first] : undefined) ?? readValue(column, value)
          if (isLine) known[first] = text
          if (text.length > MAX_SHORT_UNITS || (beside && saysNothing(text))) continue
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

  /** 1 for each row that has a value in one of some fields. */
  #findRowsWith(fields: readonly string[]): Uint8Array {
    const found = new Uint8Array(this.#values.batch.rowCount)
    for (const { field, rows } of this.#values.batch.columns)
      if (fields.includes(field)) for (const row of rows) found[row] = 1
    return found
  }
}
