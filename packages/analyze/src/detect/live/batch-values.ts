import type { Column, EventBatch, ImportProfile } from '@timeskein/model'
import type { ValueKind } from '@timeskein/store'

/** A value of a row of a batch, as it is written. */
export type VisitValue = (row: number, text: string, kind: ValueKind) => void

const decoder = new TextDecoder()
/** Events of a batch that are kept parsed. */
const MAX_KEPT_EVENTS = 4096

/** The values of a batch by field, as the store is going to see them. */
export class BatchValues {
  readonly batch: EventBatch
  readonly #columns: ReadonlyMap<string, readonly Column[]>
  readonly #profile: ImportProfile
  readonly #texts = new Map<Column, readonly string[]>()
  readonly #events = new Map<number, unknown>()

  constructor(batch: EventBatch, profile: ImportProfile) {
    this.batch = batch
    this.#profile = profile
    this.#columns = Map.groupBy(batch.columns, ({ field }) => field)
  }

  /** Fields that events of the batch have themselves. */
  get fields(): Iterable<string> {
    return this.#columns.keys()
  }

  /** Fields that every event has by the profile of its import. */
  get constants(): Readonly<Record<string, string>> {
    return this.#profile.constants
  }

  /** Whether some event has a value of the field, itself or by the profile of its import. */
  has(field: string): boolean {
    const { aliases, constants } = this.#profile
    if (this.#columns.has(field) || Object.hasOwn(constants, field)) return true
    return Object.hasOwn(aliases, field) && this.#columns.has(aliases[field]!)
  }

  /** Values of a field: its own; where a row has none, the alias's; where it has neither, the constant. */
  visit(field: string, visit: VisitValue): void {
    const { aliases, constants } = this.#profile
    const alias = Object.hasOwn(aliases, field) ? aliases[field] : undefined
    const constant = Object.hasOwn(constants, field) ? constants[field] : undefined
    this.visitOwn(field, visit)
    if (alias === undefined && constant === undefined) return
    const filled = this.#rowsWith(field)
    if (alias !== undefined) {
      this.visitOwn(alias, (row, text, kind) => {
        if (filled[row] === 0) visit(row, text, kind)
      })
      for (const [row, has] of this.#rowsWith(alias).entries()) filled[row]! |= has
    }
    if (constant === undefined) return
    for (let row = 0; row < filled.length; row++) if (filled[row] === 0) visit(row, constant, 'string')
  }

  /** Values that rows have themselves in a field. */
  visitOwn(field: string, visit: VisitValue): void {
    for (const column of this.#columns.get(field) ?? []) {
      const { rows, values } = column
      const texts = this.#textsOf(column)
      for (let at = 0; at < rows.length; at++) visit(rows[at]!, texts[at]!, values.kind)
    }
  }

  /** A column is read for its own field, and again for what is asked of any. */
  #textsOf(column: Column): readonly string[] {
    let texts = this.#texts.get(column)
    if (!texts) {
      const { rows, values } = column
      texts =
        values.kind === 'string' ? readTexts(values) : Array.from(rows, (_, at) => readNumber(values, at))
      this.#texts.set(column, texts)
    }
    return texts
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

type Values = Column['values']

/** Where all are ASCII they are cut out of one text: making a text of bytes costs more than the text. */
function readTexts({ bytes, offsets }: Values & { readonly kind: 'string' }): readonly string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [first, end] = [offsets[0]!, offsets.at(-1)!]
  const all = buffer.toString('utf8', first, end)
  const isAscii = all.length === end - first
  const texts = new Array<string>(offsets.length - 1)
  for (let at = 0; at < texts.length; at++)
    texts[at] = isAscii
      ? all.slice(offsets[at]! - first, offsets[at + 1]! - first)
      : buffer.toString('utf8', offsets[at], offsets[at + 1])
  return texts
}

function readNumber(values: Exclude<Values, { readonly kind: 'string' }>, at: number): string {
  switch (values.kind) {
    case 'integer':
      return String(values.numbers[at]!)
    case 'real':
      return writeReal(values.numbers[at]!)
    case 'boolean':
      return values.bits[at] === 0 ? 'false' : 'true'
  }
}

/** A double as the store writes it: with a fraction, exponents of two digits at least. */
function writeReal(number: number): string {
  const text = String(number)
  const [digits, exponent] = text.split('e')
  if (exponent === undefined) return text.includes('.') || !Number.isFinite(number) ? text : `${text}.0`
  const sign = exponent.startsWith('-') ? '-' : '+'
  return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`
}
