/**
 * Events on their way from a reader to the store: columns for what is asked, source text for what is shown.
 *
 * A batch holds the rows of one stretch of one input, in input order. Its memory belongs to whoever holds the batch. A thread that
 * reads for another one makes it in memory that both share (`BatchSpace`), which only one of them writes to at a time.
 */

/** What a column holds. A field whose values have several JSON types has one column for each of them. */
export type ColumnKind = 'string' | 'integer' | 'real' | 'boolean'

/**
 * The values of one field, of one kind, in one batch: sparse, one entry per value.
 *
 * A nested object's leaf is named by its dotted path (`Event.System.EventID`). The elements of an array are entries
 * with the same row number, so a row number may repeat; null, `{}` and `[]` have no entry.
 */
export interface Column {
  /** Dotted path of the field; any text at all, as the input had it. */
  readonly field: string
  readonly kind: ColumnKind
  /** Row number in the batch of each entry, ascending, repeated where a row has several values. */
  readonly rows: Uint32Array
  /**
   * One value per entry.
   *
   * `string`: UTF-8 text, entry `i` being `bytes[offsets[i]] … bytes[offsets[i + 1]]` (end exclusive). A lone
   * surrogate, which UTF-8 cannot hold, is U+FFFD here; the source text keeps it. `integer`: signed 64 bits;
   * a JSON integer beyond that is `real`. `real`: IEEE double. `boolean`: 0 or 1.
   */
  readonly values:
    | { readonly kind: 'string'; readonly bytes: Uint8Array; readonly offsets: Uint32Array }
    | { readonly kind: 'integer'; readonly numbers: BigInt64Array }
    | { readonly kind: 'real'; readonly numbers: Float64Array }
    | { readonly kind: 'boolean'; readonly bits: Uint8Array }
}

/** Some rows of one input, normalised. */
export interface EventBatch {
  readonly rowCount: number
  /** Microseconds since 1970-01-01T00:00:00Z of each row, rounded down. */
  readonly timesUs: BigInt64Array
  /** Nanoseconds (0 to 999) to add to `timesUs`; undefined when all are zero. */
  readonly nanos: Uint16Array | undefined
  readonly columns: readonly Column[]
  /**
   * The event as it was sent: one JSON object per row, UTF-8, row `i` being `bytes[offsets[i]] … bytes[offsets[i + 1]]`
   * (end exclusive). JSON inputs keep their very bytes, without the line end; other formats get an object built from
   * the row. This, and not the columns, is what comes back in `_source`.
   */
  readonly source: { readonly bytes: Uint8Array; readonly offsets: Uint32Array }
  /** Where in the input each row stood: line number (1-based) of text formats, record number of others. */
  readonly lines: Float64Array
}

/**
 * How an input's own fields stand for the fields every event has. Kept with the import, not with each row, so that
 * nothing is stored twice.
 */
export interface ImportProfile {
  /** Wanted field to the input's field that stands for it, e.g. `message` to `Message`. Where a row has the wanted field itself, that one counts. */
  readonly aliases: Readonly<Record<string, string>>
  /** Fields with one value for the whole import, e.g. `timestamp_desc` to `Event Logged`. Where a row has the field itself, that one counts. */
  readonly constants: Readonly<Record<string, string>>
}
