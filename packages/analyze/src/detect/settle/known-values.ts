import { type IndexReading, Turns, type ValueKind, type WordBounds } from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import { runAtOnce, runInTurns } from '../plan/run-steps.ts'
import type { SearchedRows } from '../rows/search-sources.ts'
import { readRequiredLiteral } from '../values/required-literal.ts'
import { MAX_SHORT_UNITS } from '../values/texts.ts'
import { ValueTester } from '../values/value-tester.ts'
import { waitForAll } from '../wait-for-all.ts'

/** Values of one field of one index that some rule asks for, with the predicates that each answers. */
export type FieldValues = ReadonlyMap<ValueKind, ReadonlyMap<string, readonly number[]>>

/** What was learnt of an index before any row was looked at. */
export interface KnownValues {
  /** Values by field; a field that no value of answers anything has none. */
  readonly fields: ReadonlyMap<string, FieldValues>
  /** 1 for predicates that some event may answer. */
  readonly possible: Uint8Array
  /** 1 for predicates that a text too long for columns may answer. */
  readonly possibleLong: Uint8Array
  /** Predicates that every event has, as far as it was looked for. */
  readonly certain: ReadonlySet<number>
  /** Rows of the whole index by predicate, as far as long texts that were read, or the words of the index, tell. */
  readonly words: Map<number, WordBounds>
  /** Predicates whose rows are being looked for in the sources of all events. */
  readonly searched: SearchedSources | undefined
  /** Fields that are asked and that events of the index have, in one way or another. */
  readonly present: ReadonlySet<string>
}

/** A search of all sources that is under way. */
export interface SearchedSources {
  readonly predicates: ReadonlySet<number>
  readonly found: Promise<ReadonlyMap<number, SearchedRows>>
}

/** The part of it that values in columns tell. */
export type ValuesKnown = Pick<KnownValues, 'fields' | 'possible' | 'present'>

/** Testers by field, made when the first index has the field. */
export class FieldTesters {
  readonly #byField: ReadonlyMap<string, readonly number[]>
  readonly #table: PredicateTable
  readonly #testers = new Map<string, ValueTester>()

  constructor(table: PredicateTable) {
    this.#table = table
    const byField = new Map<string, number[]>()
    for (const { number, field } of table.all) {
      if (field === undefined) continue
      const list = byField.get(field)
      if (list) list.push(number)
      else byField.set(field, [number])
    }
    this.#byField = byField
  }

  /** Fields whose values are asked for. */
  get fields(): Iterable<string> {
    return this.#byField.keys()
  }

  /** Predicates of a field. */
  predicatesOf(field: string): readonly number[] {
    return this.#byField.get(field) ?? []
  }

  /**
   * Literals of which every text that answers a predicate of the field has one; undefined where that is not known of all.
   *
   * @param asked - 1 for the predicates meant. @default all of the field
   */
  literalsOf(field: string, asked?: Uint8Array): readonly string[] | undefined {
    const literals = new Set<string>()
    for (const number of this.predicatesOf(field)) {
      if (asked && !asked[number]) continue
      const { query } = this.#table.get(number)
      const literal =
        query.kind === 'wildcard' || query.kind === 'regexp' ? readRequiredLiteral(query) : undefined
      if (literal === undefined) return undefined
      literals.add(literal)
    }
    return [...literals]
  }

  /** The tester of a field, made at once where `prepare` has not made it. */
  of(field: string): ValueTester {
    return this.#testers.get(field) ?? this.#keep(field, runAtOnce(this.#make(field)))
  }

  /** Makes the tester of a field; others of the process get their turns. */
  async prepare(field: string): Promise<ValueTester> {
    return this.#testers.get(field) ?? this.#keep(field, await runInTurns(this.#make(field)))
  }

  #make(field: string): Generator<void, ValueTester, undefined> {
    return ValueTester.make(this.predicatesOf(field).map((number) => this.#table.get(number)))
  }

  #keep(field: string, tester: ValueTester): ValueTester {
    this.#testers.set(field, tester)
    return tester
  }
}

/** How learning is asked for. */
export interface LearnOptions {
  /** Fields that are asked for; others are left out. */
  readonly fields: ReadonlySet<string>
  /** 1 for predicates of them that are asked for; of others nothing needs to be found. @default all of them */
  readonly asked?: Uint8Array | undefined
  /** Rows below this are not looked at. */
  readonly from: number
  readonly signal: AbortSignal | undefined
  readonly onField: () => void
}

/** The database reads the values of the next field while those of one are looked at. */
const FIELDS_AT_ONCE = 2

/** Looks at every different value of the fields that rules name, each once for all rules. */
export async function learnValues(
  index: IndexReading,
  table: PredicateTable,
  testers: FieldTesters,
  { fields: askedFields, asked, from, signal, onField }: LearnOptions,
): Promise<ValuesKnown> {
  const possible = new Uint8Array(table.all.length)
  const fields = new Map<string, FieldValues>()
  const present = new Set<string>()
  const turns = new Turns()
  const range = from > 0 ? { start: from, end: index.nextSeq } : undefined
  const learn = async (field: string): Promise<void> => {
    const place = index.placeOf(field)
    const predicates = testers.predicatesOf(field)
    if (place === 'elsewhere') {
      present.add(field)
      for (const number of predicates) possible[number] = 1
    }
    if (place === 'events') {
      present.add(field)
      const tester = await testers.prepare(field)
      const byKind = new Map<ValueKind, Map<string, readonly number[]>>()
      const literals = testers.literalsOf(field, asked)
      for await (const { kind, texts } of index.distinctValues(field, { range, literals, signal })) {
        for (const text of texts) {
          const answered = tester.test(text, kind)
          if (answered.length === 0) continue
          for (const number of answered) possible[number] = 1
          let values = byKind.get(kind)
          if (!values) {
            values = new Map()
            byKind.set(kind, values)
          }
          values.set(text, answered)
        }
        if (turns.isDue) await turns.giveWay()
      }
      if (byKind.size > 0) fields.set(field, byKind)
    }
    onField()
    if (turns.isDue) await turns.giveWay()
  }
  const left = askedFields.values()
  const learnSome = async (): Promise<void> => {
    for (const field of left) await learn(field)
  }
  await waitForAll(Array.from({ length: FIELDS_AT_ONCE }, learnSome))
  return { fields, possible, present }
}

/** Whether a text too long for columns may answer. */
export function mayBeLong(table: PredicateTable, number: number): boolean {
  const { query } = table.get(number)
  if (query.kind === 'range') return false
  return query.kind !== 'wildcard' || query.pattern.includes('*') || query.pattern.length > MAX_SHORT_UNITS
}
