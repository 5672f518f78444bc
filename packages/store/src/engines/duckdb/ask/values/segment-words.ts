import { RowSet } from '../../../../text/terms/row-set.ts'
import { RowSetBuilder } from '../../../../text/terms/row-set-builder.ts'
import type { ChosenTerms, Segment, TermRange } from '../../index-handle.ts'
import { cutRows } from './cut-rows.ts'
import type { NeedTable } from './need-table.ts'

/** Something by need and field. */
class ByNeed<Of> {
  readonly #all = new Map<number, Map<number, Of>>()

  /** All fields of a need with what they have. */
  of(need: number): ReadonlyMap<number, Of> | undefined {
    return this.#all.get(need)
  }

  get(need: number, field: number): Of | undefined {
    return this.#all.get(need)?.get(field)
  }

  set(need: number, field: number, value: Of): void {
    const byField = this.#all.get(need)
    if (byField) byField.set(field, value)
    else this.#all.set(need, new Map([[field, value]]))
  }
}

const NO_FIELDS: ReadonlySet<number> = new Set()

/** What a question needs, by numbers of needs. */
export interface NeedsOfQuestion {
  readonly needs: readonly number[]
  /** The need whose rows answer for certain. */
  readonly sure: number | undefined
}

/** The words of one segment that serve needs. */
export class SegmentWords {
  readonly segment: Segment
  readonly #chosen: ChosenTerms<readonly number[]>
  /** Where the posting lists are. */
  readonly #ranges = new ByNeed<TermRange[]>()
  readonly #pairs: NeedTable['pairs']
  readonly #fields = new Map<number, ReadonlySet<number>>()
  readonly #loaded = new ByNeed<RowSet>()
  readonly #rows = new ByNeed<RowSet>()
  readonly #long = new Map<RowSet, RowSet>()

  constructor(segment: Segment, chosen: ChosenTerms<readonly number[]>, needs: NeedTable) {
    this.segment = segment
    this.#chosen = chosen
    this.#pairs = needs.pairs
    for (const { choice, ranges } of chosen.terms) {
      for (const need of choice) {
        for (const range of ranges) {
          const list = this.#ranges.get(need, range.field)
          if (list) list.push(range)
          else this.#ranges.set(need, range.field, [range])
        }
      }
    }
  }

  /** Fields in which some word, or two of them together, serve a need. */
  fieldsOf(need: number): ReadonlySet<number> {
    let fields = this.#fields.get(need)
    if (!fields) {
      fields = this.#listFields(need)
      this.#fields.set(need, fields)
    }
    return fields
  }

  #listFields(need: number): ReadonlySet<number> {
    const own = this.#ranges.of(need)
    const pairs = this.#pairs.get(need) ?? []
    if (!own && pairs.length === 0) return NO_FIELDS
    const fields = new Set(own?.keys())
    for (const [ends, begins] of pairs)
      for (const field of this.#ranges.of(ends)?.keys() ?? [])
        if (this.#ranges.get(begins, field)) fields.add(field)
    return fields
  }

  /** Reads the posting lists that some questions need, each once. */
  async load(
    asked: readonly NeedsOfQuestion[],
    fields: readonly (readonly number[] | undefined)[],
  ): Promise<void> {
    const wanted = new Map<number, Set<number>>()
    for (const [number, { needs, sure }] of asked.entries()) {
      const own = fields[number] ?? []
      if (own.length === 0) continue
      const parts = needs.flatMap((need) => [need, ...(this.#pairs.get(need) ?? []).flat()])
      for (const need of sure === undefined ? parts : [sure, ...parts]) {
        const some = wanted.get(need) ?? new Set()
        wanted.set(need, some)
        for (const field of own) some.add(field)
      }
    }
    const ranges = new Set<TermRange>()
    for (const [need, some] of wanted)
      for (const field of some) for (const range of this.#ranges.get(need, field) ?? []) ranges.add(range)
    const list = [...ranges]
    const postings = await this.#chosen.readPostings(list)
    const byRange = new Map(list.map((range, at) => [range, postings[at]!]))
    for (const [need, some] of wanted) {
      for (const field of some) {
        const own = this.#ranges.get(need, field)
        if (!own) continue
        const builder = new RowSetBuilder(this.segment.rowCount)
        for (const range of own) builder.addPostings(byRange.get(range)!, 0)
        this.#loaded.set(need, field, builder.finish())
      }
    }
  }

  /** Rows in which a need is served in a field; both have been loaded. */
  rowsOf(need: number, field: number): RowSet {
    let rows = this.#rows.get(need, field)
    if (!rows) {
      rows = this.#loadedOf(need, field)
      for (const [ends, begins] of this.#pairs.get(need) ?? [])
        rows = rows.or(this.#loadedOf(ends, field).and(this.#loadedOf(begins, field)))
      this.#rows.set(need, field, rows)
    }
    return rows
  }

  #loadedOf(need: number, field: number): RowSet {
    return this.#loaded.get(need, field) ?? RowSet.none(this.segment.rowCount)
  }

  /** Rows of a set of the whole index, counted in the segment. */
  cut(rows: RowSet): RowSet {
    let own = this.#long.get(rows)
    if (!own) {
      const { firstSeq, rowCount } = this.segment
      own = cutRows(rows, firstSeq, 0, rowCount, rowCount)
      this.#long.set(rows, own)
    }
    return own
  }
}
