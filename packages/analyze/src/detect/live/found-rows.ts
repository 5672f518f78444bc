import { type RowSet, RowSetBuilder } from '@timeskein/store'
import { type NumberedColumn, readValue } from './numbered-column.ts'

/** Tells whether a value answers a predicate that its lines left open. */
export interface ValueTest {
  test(predicate: number, text: string, kind: NumberedColumn['kind']): boolean
}

/** A value that may answer a predicate. */
interface OpenValue {
  readonly row: number
  readonly column: NumberedColumn
  readonly value: number
  readonly tester: ValueTest
}

/** Rows of a batch by the predicates that they answer. What is not certain yet is found out for the rows that somebody asks about. */
export class FoundRows {
  readonly #rowCount: number
  readonly #rows = new Map<number, number[]>()
  readonly #open = new Map<number, OpenValue[]>()
  /** Sets of rows, put together once for all rules. */
  readonly #sets = new Map<number, { readonly length: number; readonly rows: RowSet }>()

  constructor(rowCount: number) {
    this.#rowCount = rowCount
  }

  /** Predicates that some row answers, or may. */
  *predicates(): Generator<number, void, undefined> {
    yield* this.#rows.keys()
    yield* this.#open.keys()
  }

  /** Whether values are left that have to be looked at for a predicate. */
  isOpen(predicate: number): boolean {
    return this.#open.has(predicate)
  }

  /** A row answers. */
  add(predicate: number, row: number): void {
    const list = this.#rows.get(predicate)
    if (!list) this.#rows.set(predicate, [row])
    else if (list[list.length - 1] !== row) list.push(row)
  }

  /** A row may answer: by a value, which is told once or several times in a row. */
  addOpen(predicate: number, row: number, column: NumberedColumn, value: number, tester: ValueTest): void {
    const list = this.#open.get(predicate)
    if (!list) {
      this.#open.set(predicate, [{ row, column, value, tester }])
      return
    }
    const last = list[list.length - 1]!
    if (last.value !== value || last.column !== column) list.push({ row, column, value, tester })
  }

  /** Rows that answer; of others than those of `within` they may be left out. */
  of(predicate: number, within: RowSet): RowSet {
    this.#close(predicate, within)
    const list = this.#rows.get(predicate) ?? []
    const known = this.#sets.get(predicate)
    if (known?.length === list.length) return known.rows
    const builder = new RowSetBuilder(this.#rowCount)
    for (const row of list) builder.add(row)
    const rows = builder.finish()
    this.#sets.set(predicate, { length: list.length, rows })
    return rows
  }

  #close(predicate: number, within: RowSet): void {
    const open = this.#open.get(predicate)
    if (!open || within.count === 0) return
    const left = open.filter(({ row, column, value, tester }) => {
      if (!within.has(row)) return true
      if (tester.test(predicate, readValue(column, value), column.kind)) this.add(predicate, row)
      return false
    })
    if (left.length > 0) this.#open.set(predicate, left)
    else this.#open.delete(predicate)
  }
}
