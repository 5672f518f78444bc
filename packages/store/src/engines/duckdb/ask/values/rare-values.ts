import { RowSet } from '../../../../text/terms/row-set.ts'
import { RowSetBuilder } from '../../../../text/terms/row-set-builder.ts'
import type { RowRange, ValueBatch, ValueGroups, ValueKind } from '../../../../value-reading.ts'
import type { FieldEntry } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import { TALL_KINDS, TALL_VALUE_SQL } from './value-places.ts'

/** Values of one kind of a field: what stands in row `seqs[i]` is `texts[numbers[i]]`. */
export interface RareValues {
  readonly kind: ValueKind
  /** Each once, as it is written. */
  readonly texts: readonly string[]
  readonly seqs: Uint32Array
  readonly numbers: Uint32Array
}

/** Values of more bytes are never held together: what fields beyond that have is asked of the database. */
const MAX_BYTES: number = 64 * 2 ** 20
/** What a value takes beside its characters: its row, its number, and what a text and its place in a map take. */
const VALUE_BYTES = 64
/** Of a smaller share of an index, what single fields have there is read sooner than what all of them have everywhere. */
const MIN_SHARE = 1 / 2

/**
 * Values of the fields that few rows have, which are hundreds: read in one statement for all of them, where a statement for each takes
 * longer than what it answers.
 */
export class RareFields {
  readonly #byField: ReadonlyMap<number, readonly RareValues[]>

  private constructor(byField: ReadonlyMap<number, readonly RareValues[]>) {
    this.#byField = byField
  }

  /** Whether it pays to read the values of the whole index for one who asks about some of its rows. */
  static isWorthwhile({ start, end }: RowRange, nextSeq: number): boolean {
    return end - start >= nextSeq * MIN_SHARE
  }

  /** @param maxBytes - What values of all fields take at most; fields with the least of them come first. */
  static async load(context: AskContext, maxBytes: number = MAX_BYTES): Promise<RareFields> {
    const rare = await listRareFields(context, maxBytes)
    return new RareFields(rare.length > 0 ? await readValues(context, rare) : new Map())
  }

  /** All values of a field; undefined where the database is to be asked. */
  of(entry: FieldEntry): readonly RareValues[] | undefined {
    return this.#byField.get(entry.id)
  }
}

/** The different values of some rows. */
export function* listDistinct(
  all: readonly RareValues[],
  { start, end }: RowRange,
): Generator<ValueBatch, void, undefined> {
  for (const { kind, texts, seqs, numbers } of all) {
    const isThere = new Uint8Array(texts.length)
    for (let at = 0; at < seqs.length; at++)
      if (seqs[at]! >= start && seqs[at]! < end) isThere[numbers[at]!] = 1
    const some = texts.filter((_, number) => isThere[number] === 1)
    if (some.length > 0) yield { kind, texts: some }
  }
}

/** The rows of each of some groups of values, counted from where the range begins. */
export function listGroups(
  all: readonly RareValues[],
  { groups, count }: { readonly groups: ValueGroups; readonly count: number },
  { start, end }: RowRange,
): readonly RowSet[] {
  const universe = end - start
  const builders = new Map<number, RowSetBuilder>()
  for (const { kind, texts, seqs, numbers } of all) {
    const wanted = groups.get(kind)
    if (!wanted) continue
    const groupOf = texts.map((text) => wanted.get(text))
    for (let at = 0; at < seqs.length; at++) {
      const group = groupOf[numbers[at]!]
      if (group === undefined || seqs[at]! < start || seqs[at]! >= end) continue
      const builder = builders.get(group) ?? new RowSetBuilder(universe)
      builders.set(group, builder)
      builder.add(seqs[at]! - start)
    }
  }
  return Array.from({ length: count }, (_, group) => builders.get(group)?.finish() ?? RowSet.none(universe))
}

/** Fields of `tall` alone, as many as are read together. */
async function listRareFields(context: AskContext, maxBytes: number): Promise<readonly number[]> {
  const { handle, snapshot, kinds, signal } = context
  const alone = [...snapshot.fields.all()].filter(({ id, wide }) => wide.size === 0 && kinds.has(id))
  if (alone.length === 0) return []
  const sizes: { readonly field: number; readonly bytes: number }[] = []
  const sql = `SELECT field, (count(*) * ${VALUE_BYTES} + coalesce(sum(strlen(text)), 0))::DOUBLE
    FROM ${handle.schema}.tall
    WHERE kind <> 'l' AND seq < ${snapshot.nextSeq} AND field IN (${alone.map(({ id }) => id).join(', ')})
    GROUP BY field`
  for await (const { rowCount, columns } of handle.query(sql, [], signal))
    for (let i = 0; i < rowCount; i++)
      sizes.push({ field: Number(columns[0]![i]), bytes: Number(columns[1]![i]) })
  sizes.sort((a, b) => a.bytes - b.bytes)
  let left = maxBytes
  return sizes.flatMap(({ field, bytes }) => {
    left -= bytes
    return left >= 0 ? [field] : []
  })
}

async function readValues(
  { handle, snapshot, signal }: AskContext,
  fields: readonly number[],
): Promise<ReadonlyMap<number, readonly RareValues[]>> {
  const byField = new Map(fields.map((field) => [field, new Map<ValueKind, GrowingValues>()]))
  const sql = `SELECT field, seq::UINTEGER, ${TALL_VALUE_SQL} FROM ${handle.schema}.tall
    WHERE kind <> 'l' AND seq < ${snapshot.nextSeq} AND field IN (${fields.join(', ')})`
  for await (const { rowCount, columns } of handle.query(sql, [], signal)) {
    const [ids, seqs] = columns as [ArrayLike<number>, ArrayLike<number>]
    const [kinds, texts] = [columns[2] as ArrayLike<number>, columns[3] as ArrayLike<string>]
    for (let i = 0; i < rowCount; i++) {
      const byKind = byField.get(ids[i]!)!
      const kind = TALL_KINDS[kinds[i]!]!
      let values = byKind.get(kind)
      if (!values) {
        values = new GrowingValues(kind)
        byKind.set(kind, values)
      }
      values.add(seqs[i]!, texts[i]!)
    }
  }
  return new Map(
    [...byField].map(([field, byKind]) => [field, [...byKind.values()].map((one) => one.finish())]),
  )
}

class GrowingValues {
  readonly kind: ValueKind
  readonly #texts: string[] = []
  readonly #seqs: number[] = []
  readonly #numbers: number[] = []
  readonly #known = new Map<string, number>()

  constructor(kind: ValueKind) {
    this.kind = kind
  }

  add(seq: number, text: string): void {
    let number = this.#known.get(text)
    if (number === undefined) {
      number = this.#texts.push(text) - 1
      this.#known.set(text, number)
    }
    this.#seqs.push(seq)
    this.#numbers.push(number)
  }

  /** What was added, where collections of garbage need not look through it. */
  finish(): RareValues {
    const { kind } = this
    const [seqs, numbers] = [Uint32Array.from(this.#seqs), Uint32Array.from(this.#numbers)]
    return { kind, texts: this.#texts, seqs, numbers }
  }
}
