import type { Column, EventBatch, ImportProfile } from '@timeskein/model'
import { type ColumnNumberer, type NumberedColumn, placeOf } from './numbered-column.ts'

const decoder = new TextDecoder()
/** Events of a batch that are kept parsed. */
const MAX_KEPT_EVENTS = 4096

/** Values of some rows. */
export interface SomeValues {
  readonly column: NumberedColumn
  /** 1 for rows whose values are not meant. @default all are */
  readonly without?: Uint8Array
}

/** The values of a batch by field, as the store is going to see them. */
export class BatchValues {
  readonly batch: EventBatch
  readonly #columns: ReadonlyMap<string, readonly Column[]>
  readonly #profile: ImportProfile
  readonly #numberer: ColumnNumberer
  readonly #numbered = new Map<Column, NumberedColumn>()
  readonly #events = new Map<number, unknown>()

  constructor(batch: EventBatch, profile: ImportProfile, numberer: ColumnNumberer) {
    this.batch = batch
    this.#profile = profile
    this.#numberer = numberer
    this.#columns = Map.groupBy(batch.columns, ({ field }) => field)
  }

  /** Every field that some event has a value of. */
  get fields(): ReadonlySet<string> {
    return new Set([...this.#columns.keys(), ...Object.keys(this.#profile.constants)])
  }

  /** Whether some event has a value of the field, itself or by the profile of its import. */
  has(field: string): boolean {
    const { aliases, constants } = this.#profile
    if (this.#columns.has(field) || Object.hasOwn(constants, field)) return true
    return Object.hasOwn(aliases, field) && this.#columns.has(aliases[field]!)
  }

  /** Whether every event has a value of the field. */
  hasConstant(field: string): boolean {
    return Object.hasOwn(this.#profile.constants, field)
  }

  /** Values of a field: its own; where a row has none, the alias's; where it has neither, the constant. */
  valuesOf(field: string): readonly SomeValues[] {
    const { aliases, constants } = this.#profile
    const own = this.ownColumns(field).map((column): SomeValues => ({ column }))
    const alias = Object.hasOwn(aliases, field) ? aliases[field] : undefined
    const constant = Object.hasOwn(constants, field) ? constants[field] : undefined
    if (alias === undefined && constant === undefined) return own
    const filled = this.#rowsWith(field)
    if (alias !== undefined) {
      const without = filled.slice()
      own.push(...this.ownColumns(alias).map((column): SomeValues => ({ column, without })))
      this.#fill(alias, filled)
    }
    if (constant !== undefined) own.push({ column: repeat(constant, filled.length), without: filled })
    return own
  }

  /** Values that rows have themselves in a field. */
  ownColumns(field: string): readonly NumberedColumn[] {
    return (this.#columns.get(field) ?? []).map((column) => {
      const known = this.#numbered.get(column) ?? this.#numberer.number(column)
      this.#numbered.set(column, known)
      return known
    })
  }

  /** The source of a row, parsed; kept, as several rules ask for the same rows. */
  parse(row: number): unknown {
    if (this.#events.has(row)) return this.#events.get(row)
    const { bytes, offsets } = this.batch.source
    const event: unknown = JSON.parse(decoder.decode(bytes.subarray(offsets[row]!, offsets[row + 1]!)))
    if (this.#events.size < MAX_KEPT_EVENTS) this.#events.set(row, event)
    return event
  }

  /** 1 for rows that have a value in the field, or, if it is an object, in a member of it. */
  rowsWith(field: string): Uint8Array {
    const filled = this.#rowsWith(field)
    for (const name of this.#columns.keys()) if (name.startsWith(`${field}.`)) this.#fill(name, filled)
    const { aliases, constants } = this.#profile
    if (Object.hasOwn(constants, field)) filled.fill(1)
    if (Object.hasOwn(aliases, field)) this.#fill(aliases[field]!, filled)
    return filled
  }

  #rowsWith(field: string): Uint8Array {
    const filled = new Uint8Array(this.batch.rowCount)
    this.#fill(field, filled)
    return filled
  }

  #fill(field: string, filled: Uint8Array): void {
    for (const { rows } of this.#columns.get(field) ?? []) for (const row of rows) filled[row] = 1
  }
}

/** A column with one text for every row. */
function repeat(text: string, rowCount: number): NumberedColumn {
  const starts = Uint32Array.from({ length: rowCount + 1 }, (_, at) => at)
  const places = Uint8Array.of(1 << placeOf(0, 0, 1))
  const rows = starts.subarray(0, rowCount)
  return { kind: 'string', rows, lines: new Uint32Array(rowCount), starts, places, textOf: () => text }
}
