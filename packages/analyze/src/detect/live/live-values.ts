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
import { type LiteralsTell, ValueTester } from '../values/value-tester.ts'
import { AnsweredValues } from './answered-values.ts'
import type { BatchValues, SomeValues } from './batch-values.ts'
import { EqualValues } from './equal-values.ts'
import { FoundRows, type ValueTest } from './found-rows.ts'
import { LINE_PLACES, placeOf, readValue } from './numbered-column.ts'

/** Finds which rows of batches answer which predicates; values that came before are not looked at again. */
export class LiveValues {
  readonly #table: PredicateTable
  readonly #testers: FieldTesters
  readonly #fields = new Map<string, AnsweredValues>()
  /** Predicates of any field. */
  readonly #anywhere: readonly Answering[]
  /** Predicates of any field that nearly every event has: looked at in rows that have all else. */
  readonly #frequent = new Map<number, AnyTypeTest>()
  /** Predicates that each event may answer, for all that values tell. */
  readonly #always: readonly number[]
  readonly #excluding: readonly number[]
  readonly #eventTests = new Map<number, (event: unknown) => boolean>()

  /** @param excluding - Predicates by which log sources exclude events. */
  constructor(table: PredicateTable, testers: FieldTesters, excluding: Iterable<number>) {
    this.#excluding = [...excluding]
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
    this.#always = [
      ...this.#frequent.keys(),
      ...table.all.flatMap(({ number, query }) =>
        query.kind === 'exists' || isOfEvents(query) ? [number] : [],
      ),
    ]
    const equal = new EqualValues(table.all)
    this.#anywhere = [
      ...(rare.length > 0 ? [new AnsweredValues(runAtOnce(ValueTester.make(rare)))] : []),
      ...(equal.isEmpty ? [] : [equal]),
    ]
  }

  /** Looks at a batch: which predicates some row of it may answer, and which rows do. */
  look(values: BatchValues): LookedAt {
    const found = new FoundRows(values.batch.rowCount)
    for (const field of this.#testers.fields)
      if (values.has(field) && !NOT_TEXTS.has(field))
        for (const some of values.valuesOf(field)) lookAt(some, this.#answersOf(field), found)
    if (this.#anywhere.length > 0)
      for (const some of valuesAnywhere(values))
        for (const answers of this.#anywhere) lookAt(some, answers, found)
    const possible = new Uint8Array(this.#table.all.length)
    for (const predicate of found.predicates()) possible[predicate] = 1
    for (const predicate of this.#always) possible[predicate] = 1
    const rowsWith = new Map<string, RowSet>()
    const having = (field: string): RowSet => {
      const rows = rowsWith.get(field) ?? toRows(values.rowsWith(field))
      rowsWith.set(field, rows)
      return rows
    }
    const isDear = (predicate: number): boolean =>
      isOfEvents(this.#table.get(predicate).query) || this.#frequent.has(predicate) || found.isOpen(predicate)
    const rowsOf = (predicate: number, within: RowSet): RowSet => {
      const { query } = this.#table.get(predicate)
      if (query.kind === 'exists') return NOT_TEXTS.has(query.field) ? within : having(query.field)
      if (isOfEvents(query)) {
        const able = listFields(query).reduce((rows, field) => rows.and(having(field)), within)
        return this.#findEvents(predicate, query, able, values)
      }
      const frequent = this.#frequent.get(predicate)
      return frequent ? findAnywhere(values, within, frequent) : found.of(predicate, within)
    }
    const all = RowSet.all(values.batch.rowCount)
    const certain = this.#excluding.filter(
      (predicate) => possible[predicate] && !isDear(predicate) && rowsOf(predicate, all).count === all.count,
    )
    return {
      known: { possible, possibleLong: new Uint8Array(possible.length), certain: new Set(certain) },
      isDear,
      rowsOf,
    }
  }

  #answersOf(field: string): AnsweredValues {
    const answers = this.#fields.get(field) ?? new AnsweredValues(this.#testers.of(field))
    this.#fields.set(field, answers)
    return answers
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

/** What a batch has for predicates. */
export interface LookedAt {
  readonly known: Possible
  /** Whether a predicate is about open values or whole events, which are read when rows of theirs are asked for. */
  isDear(predicate: number): boolean
  rowsOf(predicate: number, within: RowSet): RowSet
}

/** Says what lines of values answer. */
interface Answering extends ValueTest {
  readonly look: AnsweredValues['look']
}

/** Looks at every different line of some values once, and where they tell anything at the rows. */
function lookAt({ column, without }: SomeValues, answers: Answering, found: FoundRows): void {
  const { kind, rows, lines, starts, places, textOf } = column
  const told: LiteralsTell[] = []
  // By line and place: which of `told`, counted from 1.
  let tells: Uint32Array | undefined
  for (let line = 0; line < places.length; line++)
    for (let left = places[line]!; left !== 0; left &= left - 1) {
      const place = 31 - Math.clz32(left & -left)
      const one = answers.look(textOf(line), kind, LINE_PLACES[place]!)
      if (one.sure.length === 0 && one.maybe.length === 0) continue
      tells ??= new Uint32Array(places.length * LINE_PLACES.length)
      tells[line * LINE_PLACES.length + place] = told.push(one)
    }
  if (!tells) return
  for (let value = 0; value < rows.length; value++) {
    const row = rows[value]!
    if (without?.[row] === 1) continue
    const start = starts[value]!
    const end = starts[value + 1]!
    for (let at = start; at < end; at++) {
      const number = tells[lines[at]! * LINE_PLACES.length + placeOf(at, start, end)]!
      if (number === 0) continue
      const one = told[number - 1]!
      for (const predicate of one.sure) found.add(predicate, row)
      for (const predicate of one.maybe) found.addOpen(predicate, row, column, value, answers)
    }
  }
}

type EventQuery = LeafQuery & { readonly kind: 'fields' | 'date-part' }

/** A question to several fields or to a part of a time: the event itself is read for it. */
function isOfEvents(query: LeafQuery): query is EventQuery {
  return query.kind === 'fields' || query.kind === 'date-part'
}

/** Fields that an event with an answer has. */
function listFields(query: EventQuery): readonly string[] {
  return query.kind === 'fields' ? [query.field, query.other] : [query.field]
}

function toRows(flags: Uint8Array): RowSet {
  const builder = new RowSetBuilder(flags.length)
  for (let row = 0; row < flags.length; row++) if (flags[row] === 1) builder.add(row)
  return builder.finish()
}

/** Literals of up to so many letters stand in nearly every event. */
const MAX_FREQUENT_LENGTH = 2

function isFrequent(query: WordQuestion): boolean {
  const literal = readRequiredLiteral(query)
  return literal !== undefined && literal.length <= MAX_FREQUENT_LENGTH
}

/** The values of all fields but those of times. */
function* valuesAnywhere(values: BatchValues): Generator<SomeValues, void, undefined> {
  for (const field of values.fields) {
    if (NOT_TEXTS.has(field)) continue
    if (values.hasConstant(field)) yield* values.valuesOf(field)
    else for (const column of values.ownColumns(field)) yield { column }
  }
}

/** Rows of some that have a value in any field that passes a test. */
function findAnywhere(values: BatchValues, within: RowSet, passes: AnyTypeTest): RowSet {
  if (within.count === 0) return within
  const wanted = new Uint8Array(within.universe)
  within.forEach((row) => {
    wanted[row] = 1
  })
  const found: number[] = []
  for (const { column, without } of valuesAnywhere(values)) {
    const { kind, rows } = column
    for (let value = 0; value < rows.length; value++) {
      const row = rows[value]!
      if (wanted[row] === 0 || without?.[row] === 1 || !passes(readValue(column, value), kind)) continue
      wanted[row] = 0
      found.push(row)
    }
  }
  return RowSet.fromSorted(Uint32Array.from(found).sort(), within.universe)
}
