import {
  type AnyTypeTest,
  compileAnyTypeTest,
  compileEventTest,
  RowSet,
  RowSetBuilder,
  type WordQuestion,
} from '@timeskein/store'
import type { LeafQuery, Predicate, PredicateTable } from '../plan/predicate.ts'
import { runAtOnce } from '../plan/run-steps.ts'
import type { FieldTesters } from '../settle/known-values.ts'
import type { Possible } from '../settle/settle.ts'
import { readRequiredLiteral } from '../values/required-literal.ts'
import { NOT_TEXTS } from '../values/texts.ts'
import { ValueTester } from '../values/value-tester.ts'
import { AnsweredValues, MAX_KNOWN_UNITS } from './answered-values.ts'
import type { BatchValues, VisitValue } from './batch-values.ts'

/** Finds which rows of batches answer which predicates; values that came before are not looked at again. */
export class LiveValues {
  readonly #table: PredicateTable
  readonly #testers: FieldTesters
  /** Predicates of any field. */
  readonly #anywhere: AnsweredValues | undefined
  readonly #numbers: readonly { readonly number: number; readonly text: string }[]
  readonly #longestNumber: number
  /** Predicates of any field that nearly every event has: looked at in rows that have all else. */
  readonly #frequent = new Map<number, AnyTypeTest>()
  readonly #fields = new Map<string, AnsweredValues>()
  readonly #eventTests = new Map<number, (event: unknown) => boolean>()

  constructor(table: PredicateTable, testers: FieldTesters) {
    this.#table = table
    this.#testers = testers
    const rare: Predicate[] = []
    for (const predicate of table.all) {
      const { number, query } = predicate
      if (query.kind !== 'wildcard' && query.kind !== 'regexp') continue
      if (query.field !== undefined || !query.anyType) continue
      if (isFrequent(query)) this.#frequent.set(number, compileAnyTypeTest(query))
      else rare.push(predicate)
    }
    this.#anywhere = rare.length > 0 ? new AnsweredValues(runAtOnce(ValueTester.make(rare))) : undefined
    this.#numbers = table.all.flatMap(({ number, query }) =>
      query.kind === 'match' && query.field === undefined ? [{ number, text: query.text.toLowerCase() }] : [],
    )
    this.#longestNumber = Math.max(0, ...this.#numbers.map(({ text }) => text.length))
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
      if (query.kind === 'exists' || isOfEvents(query)) known.possible[number] = 1
    for (const predicate of this.#frequent.keys()) known.possible[predicate] = 1
    const answers = new AnsweredRows(values.batch.rowCount, rows)
    return {
      known,
      isDear: (predicate) => {
        const { field = '', query } = this.#table.get(predicate)
        return isOfEvents(query) || this.#frequent.has(predicate) || long.has(field)
      },
      rowsOf: (predicate, within) => {
        const { field = '', query } = this.#table.get(predicate)
        if (isOfEvents(query)) return this.#findEvents(predicate, query, within, values)
        if (query.kind === 'exists')
          return NOT_TEXTS.has(query.field) ? within : answers.with(query.field, values)
        const frequent = this.#frequent.get(predicate)
        if (frequent) return findAnywhere(values, within, frequent)
        const texts = long.get(field)
        if (texts) readLong(texts, within, add)
        return answers.of(predicate)
      },
    }
  }

  #lookAnywhere(values: BatchValues, add: (predicate: number, row: number) => void): void {
    visitAnywhere(values, (row, text, kind) => {
      if (this.#anywhere) for (const predicate of this.#anywhere.look(text, kind)) add(predicate, row)
      if (text.length > this.#longestNumber) return
      const folded = text.toLowerCase()
      for (const { number, text: wanted } of this.#numbers) if (folded === wanted) add(number, row)
    })
  }

  /** Rows whose whole events answer. */
  #findEvents(predicate: number, query: EventQuery, within: RowSet, values: BatchValues): RowSet {
    const passes = this.#eventTests.get(predicate) ?? compileEventTest(query)
    this.#eventTests.set(predicate, passes)
    return RowSet.fromSorted(
      within.toArray().filter((row) => passes(values.parse(row))),
      within.universe,
    )
  }
}

type EventQuery = LeafQuery & { readonly kind: 'fields' | 'date-part' }

/** A question to several fields or to a part of a time: the event itself is read for it. */
function isOfEvents(query: LeafQuery): query is EventQuery {
  return query.kind === 'fields' || query.kind === 'date-part'
}

/** Sets of the rows that answer predicates, put together once for all rules of a batch. */
class AnsweredRows {
  readonly #rowCount: number
  /** They grow as more is read. */
  readonly #lists: ReadonlyMap<number, readonly number[]>
  readonly #sets = new Map<number, { readonly length: number; readonly rows: RowSet }>()
  readonly #byField = new Map<string, RowSet>()

  constructor(rowCount: number, lists: ReadonlyMap<number, readonly number[]>) {
    this.#rowCount = rowCount
    this.#lists = lists
  }

  /** Rows with a value that answers, as far as was read. */
  of(predicate: number): RowSet {
    const list = this.#lists.get(predicate) ?? []
    const known = this.#sets.get(predicate)
    if (known?.length === list.length) return known.rows
    const builder = new RowSetBuilder(this.#rowCount)
    for (const row of list) builder.add(row)
    const rows = builder.finish()
    this.#sets.set(predicate, { length: list.length, rows })
    return rows
  }

  /** Rows that have a field. */
  with(field: string, values: BatchValues): RowSet {
    let rows = this.#byField.get(field)
    if (!rows) {
      const builder = new RowSetBuilder(this.#rowCount)
      for (const [row, has] of values.rowsWith(field).entries()) if (has === 1) builder.add(row)
      rows = builder.finish()
      this.#byField.set(field, rows)
    }
    return rows
  }
}

/** Literals of up to so many letters stand in nearly every event. */
const MAX_FREQUENT_LENGTH = 2

function isFrequent(query: WordQuestion): boolean {
  const literal = readRequiredLiteral(query)
  return literal !== undefined && literal.length <= MAX_FREQUENT_LENGTH
}

/** Tells the values of all fields but those of times. */
function visitAnywhere(values: BatchValues, visit: VisitValue): void {
  const constants = Object.keys(values.constants)
  for (const field of values.fields)
    if (!NOT_TEXTS.has(field) && !constants.includes(field)) values.visitOwn(field, visit)
  for (const field of constants) values.visit(field, visit)
}

/** Rows of some that have a value in any field that passes a test. */
function findAnywhere(values: BatchValues, within: RowSet, passes: AnyTypeTest): RowSet {
  if (within.count === 0) return within
  const wanted = new Uint8Array(within.universe)
  within.forEach((row) => {
    wanted[row] = 1
  })
  const found: number[] = []
  visitAnywhere(values, (row, text, kind) => {
    if (wanted[row] === 0 || !passes(text, kind)) return
    wanted[row] = 0
    found.push(row)
  })
  return RowSet.fromSorted(Uint32Array.from(found).sort(), within.universe)
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
  /** Whether a predicate is about long texts or whole events, which are read when rows of theirs are asked for. */
  isDear(predicate: number): boolean
  rowsOf(predicate: number, within: RowSet): RowSet
}
