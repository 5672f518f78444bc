import type { FieldCatalogue } from '../index-handle.ts'
import { type KindLetter, WIDE_TYPES } from '../layout.ts'
import type { FeedColumn } from '../row-feed.ts'
import type { SqlSession } from '../sql-session.ts'

/**
 * A field and kind gets a wide column when so large a part of a batch has it, and of all rows of the import so far: each row
 * pays for each column, and what comes in bursts is rare in the end, …
 */
const WIDE_SHARE = 0.02
/** … but never on the word of fewer rows of a batch than this: single events would make a column of everything. */
const WIDE_MIN_ROWS = 64
/** Wide columns an index has at most. */
const MAX_WIDE_COLUMNS = 400
/**
 * Rows of an import from which on DuckDB may have written some of them to disk. A column added then is missing in what was
 * written: at best DuckDB writes the whole import to its log at commit, at worst (1.5.6, after 700,000 rows) it gives the
 * database up ("Row group prev allocated size is larger than currently allocated size"). Renaming a column does neither.
 */
export const WRITTEN_AHEAD_ROWS = 100_000

/** Fields of an index while an import adds to them; what is new is in the database, but visible only after commit. */
export class FieldRegistry {
  readonly #known: FieldCatalogue
  readonly #added = new Map<string, number>()
  readonly #wide = new Set<string>()
  /** Of those that this import made, those that DuckDB was told how to compress. */
  readonly #varied = new Set<string>()
  /** By the name of a wide column that there is none of: rows of the import that it would hold. */
  readonly #rowsWithout = new Map<string, number>()
  /** Columns of `wide` that no field has yet; undefined until one is wanted. */
  #spares: string[] | undefined
  #written = 0
  #nextId = 1

  constructor(known: FieldCatalogue) {
    this.#known = known
    for (const entry of known.all()) {
      if (entry.id >= this.#nextId) this.#nextId = entry.id + 1
      for (const kind of entry.wide) this.#wide.add(columnName(entry.id, kind))
    }
  }

  /** Wide columns that fields have. */
  get wideCount(): number {
    return this.#wide.size
  }

  /** Number of a field, a new one when it is not known yet. */
  idOf(name: string): number {
    const known = this.#known.byName(name)?.id ?? this.#added.get(name)
    if (known !== undefined) return known
    const id = this.#nextId++
    this.#added.set(name, id)
    return id
  }

  /** Name of the wide column of a field and kind; undefined when it has none. */
  wideColumn(id: number, kind: KindLetter): string | undefined {
    const name = columnName(id, kind)
    return this.#wide.has(name) ? name : undefined
  }

  /**
   * Whether a field that has no wide column of a kind is worth one; to be asked once for each batch, as it counts rows.
   *
   * @param valueCount - Rows of the batch that the column would hold.
   * @param rowsBefore - Rows of the import before the batch.
   */
  isFrequent(
    id: number,
    kind: KindLetter,
    valueCount: number,
    { rowCount, rowsBefore }: { readonly rowCount: number; readonly rowsBefore: number },
  ): boolean {
    const name = columnName(id, kind)
    const inImport = (this.#rowsWithout.get(name) ?? 0) + valueCount
    this.#rowsWithout.set(name, inImport)
    return (
      valueCount >= Math.max(WIDE_MIN_ROWS, rowCount * WIDE_SHARE) &&
      inImport >= (rowsBefore + rowCount) * WIDE_SHARE
    )
  }

  /**
   * Gives a field a wide column; undefined when the index has as many as it may, or the import is too far on and no spare
   * column is left: the field's values then stand in `tall`, where questions find them as well.
   *
   * @param rowsBefore - Rows that the import has written to `wide` so far.
   * @param isVaried - Its texts hardly ever come again: DuckDB is told to compress each by itself, and does not fill a dictionary first
   *   to find out that it is too long. Where that cannot be done it stores them as they are.
   */
  async addWideColumn(
    session: SqlSession,
    schema: string,
    id: number,
    kind: KindLetter,
    { rowsBefore, isVaried }: { readonly rowsBefore: number; readonly isVaried: boolean },
  ): Promise<string | undefined> {
    if (this.#wide.size >= MAX_WIDE_COLUMNS) return undefined
    const name = columnName(id, kind)
    if (rowsBefore < WRITTEN_AHEAD_ROWS) {
      const compression = isVaried ? ' USING COMPRESSION fsst' : ''
      await session.run(`ALTER TABLE ${schema}.wide ADD COLUMN ${name} ${WIDE_TYPES[kind]}${compression}`)
    } else {
      const spare = await this.#takeSpare(session, schema, kind)
      if (spare === undefined) return undefined
      await session.run(`ALTER TABLE ${schema}.wide RENAME COLUMN ${spare} TO ${name}`)
    }
    await session.run(`INSERT INTO ${schema}.wide_columns VALUES (?, ?)`, [id, kind])
    this.#wide.add(name)
    if (isVaried && rowsBefore < WRITTEN_AHEAD_ROWS) this.#varied.add(name)
    return name
  }

  /**
   * Whether a wide column was made for varied texts, and can still be made anew: while DuckDB has all of it in memory.
   *
   * @param rowsBefore - Rows of the import before the batch that is looked at.
   */
  mayBeUnvaried(name: string, rowsBefore: number): boolean {
    return this.#varied.has(name) && rowsBefore < WRITTEN_AHEAD_ROWS
  }

  /** Makes a column anew whose texts turned out to come again: DuckDB chooses by itself from now on. */
  async leaveToDuckDb(session: SqlSession, schema: string, name: string): Promise<void> {
    const copy = `${name}_copy`
    await session.run(`ALTER TABLE ${schema}.wide ADD COLUMN ${copy} ${WIDE_TYPES.s}`)
    await session.run(`ALTER TABLE ${schema}.wide ALTER ${copy} TYPE ${WIDE_TYPES.s} USING ${name}`)
    await session.run(`ALTER TABLE ${schema}.wide DROP COLUMN ${name}`)
    await session.run(`ALTER TABLE ${schema}.wide RENAME COLUMN ${copy} TO ${name}`)
    this.#varied.delete(name)
  }

  async #takeSpare(session: SqlSession, schema: string, kind: KindLetter): Promise<string | undefined> {
    if (!this.#spares) {
      const rows = await session.rows(
        `SELECT name FROM pragma_table_info('${schema}.wide') WHERE regexp_full_match(name, 'spare[0-9]+_[a-z]')`,
      )
      this.#spares = rows.map(([name]) => String(name))
    }
    const at = this.#spares.findIndex((name) => name.endsWith(`_${kind}`))
    return at < 0 ? undefined : this.#spares.splice(at, 1)[0]
  }

  /** Fields not yet written, as columns for the feed; counts them as written. */
  takeNewFields(): { columns: FeedColumn[]; count: number } {
    const added = [...this.#added].slice(this.#written)
    this.#written += added.length
    const names = added.map(([name]) => Buffer.from(name))
    const offsets = new Uint32Array(names.length + 1)
    for (const [i, name] of names.entries()) offsets[i + 1] = offsets[i]! + name.length
    return {
      count: added.length,
      columns: [
        { name: 'id', type: 'INTEGER', rows: undefined, numbers: Int32Array.from(added, ([, id]) => id) },
        { name: 'name', type: 'VARCHAR', rows: undefined, bytes: Buffer.concat(names), offsets },
      ],
    }
  }
}

function columnName(id: number, kind: KindLetter): string {
  return `f${id}_${kind}`
}
