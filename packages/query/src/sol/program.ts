import type { SolExpression } from './expression.ts'

/** A SOL program as it is written, names looked up and default names of columns filled in. */
export interface SolProgram {
  /** The text it was read from. */
  readonly text: string
  /** Rows that each table may give before a result is only a part of it (`set internal_fetch_limit`). @default 10,000 */
  readonly fetchLimit: number
  /** What `let` names and what stands in parentheses as a pipeline of its own, each after all that it needs. */
  readonly lets: readonly SolLet[]
  /** The pipeline whose rows are the answer. */
  readonly main: SolPipeline
  /** Names of all parameters (`?time.start` is `time.start`), each once, in the order they stand. */
  readonly parameters: readonly string[]
}

/** A named value or pipeline. A pipeline that stands in parentheses is called `(1)`, `(2)`, … */
export type SolLet =
  | { readonly kind: 'value'; readonly name: string; readonly value: SolExpression }
  | { readonly kind: 'pipeline'; readonly name: string; readonly pipeline: SolPipeline }

/** Rows of a source, and what is done with them, one step after the other. */
export interface SolPipeline {
  readonly source: SolSource
  readonly steps: readonly SolStep[]
}

/** A table by its name, or the rows of a pipeline of the program. */
export interface SolSource {
  readonly kind: 'table' | 'let'
  readonly name: string
}

/** A step of a pipeline. */
export type SolStep = SolWhere | SolShape

/** Only rows for which the condition is true go on. */
export interface SolWhere {
  readonly kind: 'where'
  readonly condition: SolExpression
}

/** Every step but `where`. `top n by c` is an `order` and a `limit`. */
export type SolShape =
  /** Only these columns, in this order. */
  | { readonly kind: 'select'; readonly columns: readonly SolDefinition[] }
  /** These columns behind those there are, or in place of one of the same name. */
  | { readonly kind: 'extend'; readonly columns: readonly SolDefinition[] }
  /** Only these columns, each combination of values once. */
  | { readonly kind: 'distinct'; readonly columns: readonly SolDefinition[] }
  /** One row with the column `count`. */
  | { readonly kind: 'count' }
  /** A row for each combination of values of `by` (of nothing: one row for all): first those columns, then the aggregates. */
  | {
      readonly kind: 'aggregate'
      readonly aggregates: readonly SolDefinition[]
      readonly by: readonly SolDefinition[]
    }
  | { readonly kind: 'order'; readonly by: readonly SolOrder[] }
  | { readonly kind: 'limit'; readonly count: number }
  | SolJoin
  /** How to draw the rows; changes none. */
  | { readonly kind: 'render'; readonly chart: SolChart; readonly options: Readonly<Record<string, string>> }

/** A column and what it holds. */
export interface SolDefinition {
  readonly name: string
  readonly value: SolExpression
}
export interface SolOrder {
  readonly value: SolExpression
  readonly direction: 'asc' | 'desc'
}

/**
 * Rows of the left side with those of the right whose keys are equal; a key that is null equals nothing, a list on the left
 * stands for each of its elements. Columns of the right side stand under `model` (`entity.name`).
 */
export interface SolJoin {
  readonly kind: 'join'
  /** `inner`: pairs only; `left`: a left row without a partner too, `model` being null; `leftanti`, `rightanti`: only rows without a partner, nothing added. */
  readonly how: 'inner' | 'left' | 'leftanti' | 'rightanti'
  readonly right: SolSource
  readonly on: readonly { readonly left: string; readonly right: string }[]
  readonly model: string
  /** False for `lookup`: the key columns of the right side are left out. */
  readonly hasRightKeys: boolean
}

/** Kinds of drawings. */
export const SOL_CHARTS = ['number', 'piechart', 'columnchart', 'barchart', 'linechart', 'sankey'] as const
/** A kind of drawing. */
export type SolChart = (typeof SOL_CHARTS)[number]

/** Rows per table without `set internal_fetch_limit`. */
export const DEFAULT_FETCH_LIMIT = 10_000
/** The most that `set internal_fetch_limit` may say. */
export const MAX_FETCH_LIMIT = 1_000_000
