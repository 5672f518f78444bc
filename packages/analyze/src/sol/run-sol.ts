import type { Query } from '@timeskein/query'
import {
  type BoundSolPipeline,
  bindSol,
  isEventTable,
  type SolBindings,
  type SolPipeline,
  type SolProgram,
  type SolShape,
  type SolSource,
  type SolValue,
} from '@timeskein/query/sol'
import { applyStep } from './apply-step.ts'
import { readColumn, type SolRow, toSolValue } from './row.ts'
import { compileRowFilter } from './row-filter.ts'
import { makeRowFunctions } from './row-functions.ts'
import { RowWork } from './row-work.ts'

/** Where the rows of tables come from. */
export interface SolTables {
  /**
   * Rows of events that answer, the newest first, with the names by which SOL asks; reading ends when nobody asks for more.
   *
   * @param query - With the store's names.
   */
  readEvents(table: string, query: Query): AsyncIterable<readonly SolRow[]>
  countEvents(table: string, query: Query): Promise<number>
  /** All rows of a table that is not of events. */
  readTable(table: string): AsyncIterable<readonly SolRow[]>
}

/** How a program is run. */
export interface SolRunOptions {
  /** What `now()` is, in milliseconds since 1970. */
  readonly nowMs: number
  readonly parameters?: SolBindings['parameters']
  readonly signal?: AbortSignal | undefined
}

/** What a program found. */
export interface SolAnswer {
  readonly rows: readonly SolRow[]
  /** How the rows are to be drawn; undefined where the program does not say. */
  readonly chart: Extract<SolShape, { readonly kind: 'render' }> | undefined
  /** Tables of which only the first rows were read, and others that a reader has to know of. */
  readonly warnings: readonly string[]
}

/**
 * Runs a program. Conditions on events are answered by the store, and so is a count of events; everything else is done row by row, on
 * at most `program.fetchLimit` rows of each table.
 *
 * @throws {QueryError} For what shows only when names are bound. @throws {RangeError} For a join that gives too many rows, and rows
 * that hold more than can be held.
 */
export async function runSol(
  program: SolProgram,
  tables: SolTables,
  options: SolRunOptions,
): Promise<SolAnswer> {
  return await new Runner(program, tables, options).run()
}

/** Rows of named pipelines live as long as the run. */
class Runner {
  readonly #program: SolProgram
  readonly #tables: SolTables
  readonly #options: SolRunOptions
  readonly #results = new Map<string, readonly SolRow[]>()
  readonly #warnings = new Set<string>()
  readonly #bindings: SolBindings
  readonly #functions: ReturnType<typeof makeRowFunctions>
  readonly #work: RowWork

  constructor(program: SolProgram, tables: SolTables, options: SolRunOptions) {
    this.#program = program
    this.#tables = tables
    this.#options = options
    this.#functions = makeRowFunctions(options.nowMs)
    this.#work = new RowWork(options.signal)
    const { nowMs, parameters } = options
    this.#bindings = {
      nowMs,
      ...(parameters && { parameters }),
      resultOf: (name) => this.#firstColumn(name),
    }
  }

  async run(): Promise<SolAnswer> {
    for (const named of this.#program.lets)
      if (named.kind === 'pipeline') this.#results.set(named.name, await this.#runPipeline(named.pipeline))
    const rows = await this.#runPipeline(this.#program.main)
    const chart = this.#program.main.steps.findLast((step) => step.kind === 'render')
    return { rows, chart, warnings: [...this.#warnings] }
  }

  async #runPipeline(pipeline: SolPipeline): Promise<readonly SolRow[]> {
    const bound = bindSol(this.#program, pipeline, this.#bindings)
    const [first, ...others] = bound.steps
    const counted = first?.kind === 'count' ? await this.#countSource(bound) : undefined
    let rows = counted === undefined ? await this.#readSource(bound) : [{ count: counted }]
    for (const step of counted === undefined ? bound.steps : others) {
      this.#options.signal?.throwIfAborted()
      rows = await applyStep(rows, step, {
        functions: this.#functions,
        work: this.#work,
        readSource: (source) => this.#readAll(source),
      })
    }
    return rows
  }

  /** A store counts without reading rows; undefined for rows that no store has. */
  async #countSource({ source, filter }: BoundSolPipeline): Promise<number | undefined> {
    if (source.kind !== 'table' || !isEventTable(source.name)) return undefined
    return await this.#tables.countEvents(source.name, filter)
  }

  async #readSource({ source, filter, steps }: BoundSolPipeline): Promise<readonly SolRow[]> {
    if (source.kind === 'let')
      return await this.#work.filter(this.#results.get(source.name) ?? [], compileRowFilter(filter))
    // Rows that a limit right after the source would drop need not be read, and their lack is no fault.
    const limit = steps[0]?.kind === 'limit' ? steps[0].count : undefined
    if (isEventTable(source.name))
      return await this.#gather(source.name, this.#tables.readEvents(source.name, filter), limit)
    return await this.#gather(
      source.name,
      this.#tables.readTable(source.name),
      limit,
      compileRowFilter(filter),
    )
  }

  /** The right side of a join: all rows of a table, or of a pipeline. */
  async #readAll(source: SolSource): Promise<readonly SolRow[]> {
    return await this.#readSource({ source, filter: { kind: 'all' }, steps: [] })
  }

  async #gather(
    table: string,
    pages: AsyncIterable<readonly SolRow[]>,
    wanted: number | undefined,
    passes: (row: SolRow) => boolean = () => true,
  ): Promise<readonly SolRow[]> {
    const { fetchLimit } = this.#program
    const most = Math.min(wanted ?? Infinity, fetchLimit)
    const rows: SolRow[] = []
    if (wanted === 0) return rows
    for await (const page of pages) {
      this.#options.signal?.throwIfAborted()
      for (const row of page) {
        if (!passes(row)) continue
        if (rows.length < most) {
          rows.push(row)
          this.#work.holdRead(row)
        } else if (wanted !== undefined && wanted <= fetchLimit) return rows
        else {
          this.#warnings.add(
            `only the first ${fetchLimit} rows of ${table} were read: narrow them with where, or set internal_fetch_limit (at most 1000000)`,
          )
          return rows
        }
      }
      if (wanted !== undefined && rows.length >= wanted) return rows
    }
    return rows
  }

  #firstColumn(name: string): readonly SolValue[] | undefined {
    const rows = this.#results.get(name)
    if (!rows) return undefined
    const column = Object.keys(rows[0] ?? {})[0]
    return column === undefined ? [] : rows.map((row) => toSolValue(readColumn(row, column)))
  }
}
