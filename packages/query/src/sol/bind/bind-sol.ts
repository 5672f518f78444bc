import { nameEventField } from '../../dork/field-names.ts'
import type { Query } from '../../query.ts'
import { QueryError } from '../../query-error.ts'
import { simplify } from '../../simplify.ts'
import { partsOf, type SolExpression, withParts } from '../expression.ts'
import type { SolDefinition, SolPipeline, SolProgram, SolShape, SolSource, SolStep } from '../program.ts'
import { isEventTable } from '../tables.ts'
import type { SolValue } from '../value.ts'
import type { SolBindings } from './bindings.ts'
import type { AskedField } from './comparison.ts'
import { evaluate } from './evaluate.ts'
import { toQuery } from './to-query.ts'

/** A pipeline ready to run: expressions have only constants, columns and functions in them. */
export interface BoundSolPipeline {
  readonly source: SolSource
  /**
   * Which rows of the source are asked for; fields of events have the store's names, columns of other tables and of pipelines
   * their own.
   */
  readonly filter: Query
  readonly steps: readonly BoundSolStep[]
}

/** A step with its expressions bound. */
export type BoundSolStep = SolShape | BoundSolWhere

/** Rows go on that answer the question, held against the row's columns at this step, and for which the rest is true. */
export interface BoundSolWhere {
  readonly kind: 'where'
  readonly filter: Query
  /** What no question can say, to be calculated of each row; undefined for nothing. */
  readonly rest: SolExpression | undefined
}

/**
 * Makes one pipeline of a program ready to run: parameters, named values, `now()` and what other pipelines found are put in, and
 * conditions become questions. Conditions right after the source are the source's filter.
 *
 * @throws {QueryError} With the column: a parameter or result that is not there, a regular expression that cannot be read.
 */
export function bindSol(program: SolProgram, pipeline: SolPipeline, bindings: SolBindings): BoundSolPipeline {
  return new Binder(program, bindings).bind(pipeline)
}

/** The value of a name or parameter of a program before any row is read; undefined where a row or a function of rows is needed. */
export function evaluateSol(
  program: SolProgram,
  expression: SolExpression,
  bindings: SolBindings,
): SolValue | undefined {
  return evaluate(new Binder(program, bindings).resolve(expression), bindings.nowMs)
}

class Binder {
  readonly #program: SolProgram
  readonly #bindings: SolBindings
  readonly #values = new Map<string, SolExpression>()

  constructor(program: SolProgram, bindings: SolBindings) {
    this.#program = program
    this.#bindings = bindings
  }

  bind({ source, steps }: SolPipeline): BoundSolPipeline {
    const filters: Query[] = []
    const bound: BoundSolStep[] = []
    const isStored = source.kind === 'table' && isEventTable(source.name)
    for (const step of steps) {
      if (step.kind !== 'where') {
        bound.push(this.#bindShape(step))
        continue
      }
      const isOfSource = bound.every((before) => before.kind === 'where')
      const where = this.#bindWhere(step.condition, isOfSource && isStored)
      if (isOfSource) filters.push(where.filter)
      if (!isOfSource) bound.push(where)
      else if (where.rest !== undefined) bound.push({ ...where, filter: { kind: 'all' } })
    }
    return { source, filter: simplify({ kind: 'and', of: filters }), steps: bound }
  }

  /** The expression with everything put in that is known. */
  resolve(expression: SolExpression): SolExpression {
    if (expression.kind === 'let') return this.#resolveLet(expression.name)
    const resolved = this.#resolveName(expression)
    const parts = partsOf(resolved)
    const whole =
      parts.length === 0
        ? resolved
        : withParts(
            resolved,
            parts.map((part) => this.resolve(part)),
          )
    const value = evaluate(whole, this.#bindings.nowMs)
    return value === undefined ? whole : { kind: 'constant', value }
  }

  #resolveName(expression: SolExpression): SolExpression {
    switch (expression.kind) {
      case 'parameter': {
        const value = this.#bindings.parameters?.get(expression.name)
        if (value !== undefined) return { kind: 'constant', value }
        return this.#fail(
          `a value for the parameter ?${expression.name} was expected, found none`,
          expression.column,
        )
      }
      case 'result': {
        const values = this.#bindings.resultOf?.(expression.name)
        if (values === undefined) {
          return this.#fail('the rows of this pipeline were expected first, found none', expression.column)
        }
        // Nothing that is missing is in a list of what was found: null equals nothing, as in joins.
        const value = expression.as === 'list' ? values.filter((one) => one !== null) : (values[0] ?? null)
        return { kind: 'constant', value }
      }
      default:
        return expression
    }
  }

  /** Each named value is resolved once, however often it is used. */
  #resolveLet(name: string): SolExpression {
    const known = this.#values.get(name)
    if (known !== undefined) return known
    const named = this.#program.lets.find((one) => one.name === name)
    if (named?.kind !== 'value') throw new Error(`the program has no value called ${name}`)
    const resolved = this.resolve(named.value)
    this.#values.set(name, resolved)
    return resolved
  }

  #bindWhere(condition: SolExpression, isStored: boolean): Extract<BoundSolStep, { readonly kind: 'where' }> {
    const resolved = this.resolve(condition)
    const parts = resolved.kind === 'and' ? resolved.of : [resolved]
    const asked: Query[] = []
    const rest: SolExpression[] = []
    const { nowMs, nameField = nameEventField } = this.#bindings
    const context = {
      nowMs,
      fieldOf: (name: string): AskedField => ({ name: isStored ? nameField(name) : name, isStored, nowMs }),
      fail: (sentence: string, column: number) => this.#fail(sentence, column),
    }
    for (const part of parts) {
      const query = toQuery(part, context)
      if (query === undefined) rest.push(part)
      else asked.push(query)
    }
    return {
      kind: 'where',
      filter: simplify({ kind: 'and', of: asked }),
      rest: rest.length > 1 ? { kind: 'and', of: rest } : rest[0],
    }
  }

  #bindShape(step: Exclude<SolStep, { readonly kind: 'where' }>): SolShape {
    switch (step.kind) {
      case 'select':
      case 'extend':
      case 'distinct':
        return { ...step, columns: this.#bindColumns(step.columns) }
      case 'aggregate':
        return { ...step, aggregates: this.#bindColumns(step.aggregates), by: this.#bindColumns(step.by) }
      case 'order':
        return {
          ...step,
          by: step.by.map(({ value, direction }) => ({ value: this.resolve(value), direction })),
        }
      default:
        return step
    }
  }

  #bindColumns(columns: readonly SolDefinition[]): readonly SolDefinition[] {
    return columns.map(({ name, value }) => ({ name, value: this.resolve(value) }))
  }

  #fail(sentence: string, column: number): never {
    const where = column === 0 ? '' : ` at column ${column}`
    throw new QueryError(`Cannot run the query${where}: ${sentence}.`, this.#program.text, column)
  }
}
