import { compileEventTest, RowSet, type ValueKind } from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import { runAtOnce } from '../plan/run-steps.ts'
import type { FieldTesters } from '../settle/known-values.ts'
import type { Possible } from '../settle/settle.ts'
import { ValueTester } from '../values/value-tester.ts'
import { AnsweredValues, MAX_KNOWN_UNITS } from './answered-values.ts'
import type { BatchValues } from './batch-values.ts'

/** An event's time is no text. */
const NOT_TEXTS: ReadonlySet<string> = new Set(['datetime', 'timestamp'])

/** Finds which rows of batches answer which predicates; values that came before are not looked at again. */
export class LiveValues {
  readonly #table: PredicateTable
  readonly #testers: FieldTesters
  /** Predicates of any field. */
  readonly #anywhere: AnsweredValues | undefined
  readonly #numbers: readonly { readonly number: number; readonly text: string }[]
  readonly #fields = new Map<string, AnsweredValues>()
  readonly #eventTests = new Map<number, (event: unknown) => boolean>()

  constructor(table: PredicateTable, testers: FieldTesters) {
    this.#table = table
    this.#testers = testers
    const anywhere = table.all.filter(
      ({ query }) =>
        (query.kind === 'wildcard' || query.kind === 'regexp') && query.anyType && query.field === undefined,
    )
    this.#anywhere =
      anywhere.length > 0 ? new AnsweredValues(runAtOnce(ValueTester.make(anywhere))) : undefined
    this.#numbers = table.all.flatMap(({ number, query }) =>
      query.kind === 'match' && query.field === undefined ? [{ number, text: query.text.toLowerCase() }] : [],
    )
  }

  /** Looks at a batch: which predicates some row of it may answer, and which rows do. */
  look(values: BatchValues): LookedAt {
    const rows = new Map<number, number[]>()
    const long = new Map<string, LongTexts>()
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
      const answered = this.#fields.get(field) ?? new AnsweredValues(this.#testers.of(field))
      this.#fields.set(field, answered)
      const unread = new Map<number, string[]>()
      values.visit(field, (row, text, kind) => {
        if (text.length <= MAX_KNOWN_UNITS)
          for (const predicate of answered.look(text, kind)) add(predicate, row)
        else if (unread.has(row)) unread.get(row)!.push(text)
        else unread.set(row, [text])
      })
      if (unread.size === 0) continue
      // Longer texts have no kind but the string's.
      long.set(field, { unread, answer: (text) => answered.look(text, 'string') })
      for (const predicate of this.#testers.predicatesOf(field)) known.possibleLong[predicate] = 1
    }
    if (this.#anywhere || this.#numbers.length > 0) this.#lookAnywhere(values, add)
    for (const { number, query } of this.#table.all)
      if (query.kind === 'exists' || query.kind === 'fields' || query.kind === 'date-part')
        known.possible[number] = 1
    return {
      known,
      isDear: (predicate) => long.has(this.#table.get(predicate).field ?? ''),
      rowsOf: (predicate, within) => {
        const texts = long.get(this.#table.get(predicate).field ?? '')
        if (texts) readLong(texts, within, add)
        return this.#rowsOf(predicate, within, rows, values)
      },
    }
  }

  #lookAnywhere(values: BatchValues, add: (predicate: number, row: number) => void): void {
    const visit = (row: number, text: string, kind: ValueKind): void => {
      if (this.#anywhere) for (const predicate of this.#anywhere.look(text, kind)) add(predicate, row)
      if (this.#numbers.length === 0) return
      const folded = text.toLowerCase()
      for (const { number, text: wanted } of this.#numbers) if (folded === wanted) add(number, row)
    }
    const constants = Object.keys(values.constants)
    for (const field of values.fields)
      if (!NOT_TEXTS.has(field) && !constants.includes(field)) values.visitOwn(field, visit)
    for (const field of constants) values.visit(field, visit)
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

/** Long texts of a field that nobody has asked for yet, by row. */
interface LongTexts {
  readonly unread: Map<number, readonly string[]>
  readonly answer: (text: string) => readonly number[]
}

/** Reads the long texts of some rows. */
function readLong(
  { unread, answer }: LongTexts,
  within: RowSet,
  add: (predicate: number, row: number) => void,
): void {
  const read = (row: number): void => {
    for (const text of unread.get(row) ?? []) for (const predicate of answer(text)) add(predicate, row)
    unread.delete(row)
  }
  if (unread.size < within.count) {
    for (const row of [...unread.keys()]) if (within.has(row)) read(row)
  } else within.forEach(read)
}

/** What a batch has for predicates. */
export interface LookedAt {
  readonly known: Possible
  /** Whether a predicate is about long texts, which are read when rows of theirs are asked for. */
  isDear(predicate: number): boolean
  rowsOf(predicate: number, within: RowSet): RowSet
}
