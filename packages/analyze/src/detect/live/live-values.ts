import { compileEventTest, RowSet, type ValueKind } from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import { runAtOnce } from '../plan/run-steps.ts'
import type { FieldTesters } from '../settle/known-values.ts'
import type { Possible } from '../settle/settle.ts'
import { ValueTester } from '../values/value-tester.ts'
import type { BatchValues } from './batch-values.ts'

/** Values that are remembered of each field; then all are forgotten. */
const MAX_KNOWN_VALUES = 50_000
/** Longer texts come but once. */
const MAX_KNOWN_UNITS = 1024
/** An event's time is no text. */
const NOT_TEXTS: ReadonlySet<string> = new Set(['datetime', 'timestamp'])
const NONE: readonly number[] = []

/** Finds which rows of batches answer which predicates; values that came before are not looked at again. */
export class LiveValues {
  readonly #table: PredicateTable
  readonly #testers: FieldTesters
  /** Predicates of any field. */
  readonly #anywhere: ValueTester | undefined
  readonly #numbers: readonly { readonly number: number; readonly text: string }[]
  readonly #known = new Map<string, Map<string, readonly number[]>>()
  readonly #eventTests = new Map<number, (event: unknown) => boolean>()

  constructor(table: PredicateTable, testers: FieldTesters) {
    this.#table = table
    this.#testers = testers
    const anywhere = table.all.filter(
      ({ query }) =>
        (query.kind === 'wildcard' || query.kind === 'regexp') && query.anyType && query.field === undefined,
    )
    this.#anywhere = anywhere.length > 0 ? runAtOnce(ValueTester.make(anywhere)) : undefined
    this.#numbers = table.all.flatMap(({ number, query }) =>
      query.kind === 'match' && query.field === undefined ? [{ number, text: query.text }] : [],
    )
  }

  /** Looks at a batch: which predicates some row of it may answer, and which rows do. */
  look(values: BatchValues): LookedAt {
    const rows = new Map<number, number[]>()
    const known: Possible = {
      possible: new Uint8Array(this.#table.all.length),
      possibleLong: new Uint8Array(this.#table.all.length),
    }
    const add = (predicate: number, row: number): void => {
      known.possible[predicate] = 1
      const list = rows.get(predicate)
      if (!list) rows.set(predicate, [row])
      else if (list.at(-1) !== row) list.push(row)
    }
    for (const field of this.#testers.fields) {
      if (!values.has(field) || NOT_TEXTS.has(field)) continue
      values.visit(field, (row, text, kind) => {
        for (const predicate of this.#answered(field, this.#testers.of(field), text, kind))
          add(predicate, row)
      })
    }
    if (this.#anywhere || this.#numbers.length > 0) this.#lookAnywhere(values, add)
    for (const { number, query } of this.#table.all)
      if (query.kind === 'exists' || query.kind === 'fields' || query.kind === 'date-part')
        known.possible[number] = 1
    return { known, rowsOf: (predicate, within) => this.#rowsOf(predicate, within, rows, values) }
  }

  #lookAnywhere(values: BatchValues, add: (predicate: number, row: number) => void): void {
    const visit = (row: number, text: string, kind: ValueKind): void => {
      if (this.#anywhere)
        for (const predicate of this.#answered('', this.#anywhere, text, kind)) add(predicate, row)
      for (const { number, text: wanted } of this.#numbers)
        if (text.toLowerCase() === wanted.toLowerCase()) add(number, row)
    }
    const constants = Object.keys(values.constants)
    for (const field of values.fields)
      if (!NOT_TEXTS.has(field) && !constants.includes(field)) values.visitOwn(field, visit)
    for (const field of constants) values.visit(field, visit)
  }

  #answered(field: string, tester: ValueTester, text: string, kind: ValueKind): readonly number[] {
    if (text.length > MAX_KNOWN_UNITS) return tester.test(text, kind)
    const key = `${kind} ${field}`
    let known = this.#known.get(key)
    if (!known || known.size >= MAX_KNOWN_VALUES) {
      known = new Map()
      this.#known.set(key, known)
    }
    let answered = known.get(text)
    if (!answered) {
      const found = tester.test(text, kind)
      answered = found.length === 0 ? NONE : found
      known.set(text, answered)
    }
    return answered
  }

  #rowsOf(
    predicate: number,
    within: RowSet,
    rows: ReadonlyMap<number, readonly number[]>,
    values: BatchValues,
  ): RowSet {
    const { query } = this.#table.get(predicate)
    const universe = within.universe
    if (query.kind === 'exists') {
      if (NOT_TEXTS.has(query.field)) return within
      const filled = values.rowsWith(query.field)
      return RowSet.fromSorted(
        within.toArray().filter((row) => filled[row] === 1),
        universe,
      )
    }
    if (query.kind === 'fields' || query.kind === 'date-part') {
      let test = this.#eventTests.get(predicate)
      if (!test) {
        test = compileEventTest(query)
        this.#eventTests.set(predicate, test)
      }
      const passes = test
      return RowSet.fromSorted(
        within.toArray().filter((row) => passes(values.parse(row))),
        universe,
      )
    }
    const found = Uint32Array.from(rows.get(predicate) ?? []).sort()
    return RowSet.fromSorted(
      found.filter((row, at) => at === 0 || row !== found[at - 1]),
      universe,
    )
  }
}

/** What a batch has for predicates. */
export interface LookedAt {
  readonly known: Possible
  rowsOf(predicate: number, within: RowSet): RowSet
}
