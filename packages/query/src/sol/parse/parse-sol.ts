import {
  DEFAULT_FETCH_LIMIT,
  MAX_FETCH_LIMIT,
  type SolLet,
  type SolPipeline,
  type SolProgram,
  type SolStep,
} from '../program.ts'
import { SOL_TABLES } from '../tables.ts'
import { parseExpression } from './parse-expression.ts'
import { parseStep } from './parse-step.ts'
import { isSource, readSource, type Scope } from './scope.ts'
import { TokenReader } from './token-reader.ts'

/** How a program is read. */
export interface SolOptions {
  /** Names of data sets that may be asked besides the tables. @default none */
  readonly dataSets?: readonly string[]
}

/**
 * Reads a program of the Sekoia Operating Language (docs/query-sekoia.md says how it is read). Linear in the length of the text.
 *
 * @throws {QueryError} With the column in the whole text, what was expected there and what was found; or when a limit is passed.
 * @example parseSol('events | where timestamp > ago(1h) | aggregate count() by host.name | top 5 by count')
 */
export function parseSol(text: string, options: SolOptions = {}): SolProgram {
  return new ProgramParser(text, options).parse()
}

class ProgramParser {
  readonly #reader: TokenReader
  readonly #scope: Scope
  readonly #lets: SolLet[] = []
  #fetchLimit = DEFAULT_FETCH_LIMIT
  #innerCount = 0

  constructor(text: string, options: SolOptions) {
    this.#reader = new TokenReader(text)
    this.#scope = {
      reader: this.#reader,
      tables: new Set([...SOL_TABLES, ...(options.dataSets ?? [])]),
      lets: new Map(),
      readInnerPipeline: () => {
        const { pipeline, table } = this.#readPipeline()
        const name = `(${++this.#innerCount})`
        this.#namePipeline(name, pipeline, table)
        return name
      },
    }
  }

  parse(): SolProgram {
    const reader: TokenReader = this.#reader
    for (;;) {
      if (reader.take('set')) this.#readSetting()
      else if (reader.take('let')) this.#readLet()
      else break
      reader.expect(';')
    }
    const main = this.#readPipeline().pipeline
    reader.take(';')
    const rest = reader.peek()
    if (rest.kind !== 'end') reader.failAt(rest, '"|" or the end of the query')
    return {
      text: reader.text,
      fetchLimit: this.#fetchLimit,
      lets: this.#lets,
      main,
      parameters: reader.parameters,
    }
  }

  #readSetting(): void {
    const reader: TokenReader = this.#reader
    const name = reader.next()
    if (name.text !== 'internal_fetch_limit') reader.failAt(name, '"internal_fetch_limit"')
    reader.expect('=')
    const token = reader.next()
    const limit = token.kind === 'number' ? Number(token.text) : Number.NaN
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_FETCH_LIMIT) {
      reader.failAt(token, `a whole number from 1 to ${MAX_FETCH_LIMIT}`)
    }
    this.#fetchLimit = limit
  }

  #readLet(): void {
    const reader: TokenReader = this.#reader
    const token = reader.expectName('a name for a value or a pipeline')
    const name = token.text
    if (name.includes('.')) reader.failAt(token, 'a name without "."')
    if (this.#scope.lets.has(name)) reader.fail(`${JSON.stringify(name)} is named twice`, token.start)
    reader.expect('=')
    if (isSource(this.#scope, reader.peek())) {
      const { pipeline, table } = this.#readPipeline()
      this.#namePipeline(name, pipeline, table)
      return
    }
    const before = reader.partCount
    const value = parseExpression(this.#scope, 'value')
    this.#lets.push({ kind: 'value', name, value })
    this.#scope.lets.set(name, { kind: 'value', size: reader.partCount - before })
  }

  #readPipeline(): { readonly pipeline: SolPipeline; readonly table: string } {
    const { table, ...source } = readSource(this.#scope)
    const steps: SolStep[] = []
    while (this.#reader.take('|')) steps.push(...parseStep(this.#scope))
    return { pipeline: { source, steps }, table }
  }

  /** From here on the name is known. */
  #namePipeline(name: string, pipeline: SolPipeline, table: string): void {
    this.#lets.push({ kind: 'pipeline', name, pipeline })
    this.#scope.lets.set(name, { kind: 'pipeline', table })
  }
}
