/** SQL type of each kind of wide column. */
export const WIDE_TYPES = { s: 'VARCHAR', i: 'BIGINT', r: 'DOUBLE', b: 'BOOLEAN' } as const
/** Kind of a column: string, integer, real, boolean. */
export type KindLetter = keyof typeof WIDE_TYPES

/**
 * Spare columns that an index begins with, by kind. Each row pays for each, since DuckDB tries its ways to compress on empty columns, too:
 * twenty of them took a quarter of its time to write a CSV's eleven. Of a million events of 600 fields one was wanted.
 */
const SPARE_COLUMNS = { s: 4, i: 2, r: 1, b: 1 } as const

/**
 * The tables of one index file. Format 3; docs/formats.md tells its history.
 *
 * - `meta`: key, value; `format` is the version, `next_seq` and `next_segment` are the next numbers to give out,
 *   `source_generation` names the source file, `source_end` is its committed length.
 * - `fields`: the names of fields, each with a number. A field's physical columns in `wide` are `f<id>_<s|i|r|b>`
 *   for string, integer, real, boolean; which of them exist is in `wide_columns`.
 * - `imports`: one row an import, with its profile (aliases and constants) as JSON.
 * - `segments`: one row an appended batch: rows `first_seq` to `first_seq + row_count` (exclusive). Its times, nanos,
 *   time order and row hashes (sources/segment-data.ts), the numbers of its fields and its word index (text/packed-terms.ts)
 *   stand in the source file from `data_at` on, one after the other, with the sizes given; size 0: there is none.
 * - `wide`: one row an event: single values of frequent fields, strings of at most 256 UTF-16 units. Columns named
 *   `spare<n>_<s|i|r|b>` are empty; one is renamed when a field becomes frequent in the middle of a large import.
 * - `tall`: all other values: (field, seq, kind) with `text`, `whole` or `number` set by kind. Kind 'l' marks a string
 *   too long to be kept here (only its existence; its text is in the source).
 * - `blocks`: where in the source file each block of source text stands (see prepared-segment.ts). The source file is
 *   `<index>.<n>.source` beside the index file, `n` being `source_generation` in `meta`: whole blobs of many kilobytes
 *   are read there 50 times quicker than out of a DuckDB table.
 * - `marks`: mark operations with the rows they touched: `seqs` is a delta-coded ascending list (text/postings.ts).
 */
export const LAYOUT_SQL: readonly string[] = [
  'CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)',
  'CREATE TABLE fields (id INTEGER NOT NULL, name VARCHAR NOT NULL)',
  'CREATE TABLE wide_columns (field INTEGER NOT NULL, kind VARCHAR NOT NULL)',
  'CREATE TABLE imports (import_id VARCHAR NOT NULL, timeline_id INTEGER NOT NULL, profile VARCHAR NOT NULL)',
  `CREATE TABLE segments (
    id INTEGER NOT NULL, first_seq BIGINT NOT NULL, row_count INTEGER NOT NULL,
    timeline_id INTEGER NOT NULL, import_id VARCHAR NOT NULL,
    min_us BIGINT NOT NULL, max_us BIGINT NOT NULL,
    data_at BIGINT NOT NULL, times_size INTEGER NOT NULL, nanos_size INTEGER NOT NULL,
    order_size INTEGER NOT NULL, hashes_size INTEGER NOT NULL,
    field_ids_size INTEGER NOT NULL, terms_size INTEGER NOT NULL)`,
  `CREATE TABLE wide (seq BIGINT NOT NULL, time_us BIGINT NOT NULL${listSpareColumns()})`,
  `CREATE TABLE tall (
    field INTEGER NOT NULL, seq BIGINT NOT NULL, kind VARCHAR NOT NULL,
    text VARCHAR, whole BIGINT, number DOUBLE)`,
  `CREATE TABLE blocks (
    segment INTEGER NOT NULL, first_seq BIGINT NOT NULL, row_count INTEGER NOT NULL,
    data_at BIGINT NOT NULL, data_size INTEGER NOT NULL)`,
  `CREATE TABLE marks (
    ordinal BIGINT NOT NULL, operation_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, value VARCHAR NOT NULL, json VARCHAR,
    sketch_id INTEGER NOT NULL, user_id INTEGER NOT NULL, at_us BIGINT NOT NULL, active BOOLEAN NOT NULL,
    seqs BLOB NOT NULL)`,
]

/** Version of the layout above. */
export const LAYOUT_FORMAT = 3

/** Formats that are read; an import makes an index the newest of them. */
export const READABLE_FORMATS: readonly string[] = ['2', '3']
/** Longest string, in UTF-16 units, that `wide` and `tall` keep: OpenSearch's `ignore_above` of Timesketch's mapping. */
export const KEYWORD_MAX_UNITS = 256

function listSpareColumns(): string {
  let columns = ''
  for (const [kind, count] of Object.entries(SPARE_COLUMNS)) {
    for (let n = 1; n <= count; n++) columns += `, spare${n}_${kind} ${WIDE_TYPES[kind as KindLetter]}`
  }
  return columns
}
