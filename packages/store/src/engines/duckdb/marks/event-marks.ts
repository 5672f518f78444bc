import type { EventMarks } from '@timeskein/model'
import { hasSeq, lowerBound, type SeqList } from '../ask/rows/seq-list.ts'
import type { AttributeState, MarkState } from './fold-marks.ts'

/** Marks of a few events, looked up together; an event without any has `NO_MARKS`. */
export function readEventMarks(state: MarkState, seqs: readonly number[]): readonly EventMarks[] {
  const drafts = new Map<number, Draft>()
  const wanted = new Set(seqs)
  const draftOf = (seq: number): Draft => {
    let draft = drafts.get(seq)
    if (!draft) {
      draft = { tags: [], removedTags: [], labels: [], attributes: Object.create(null) }
      drafts.set(seq, draft)
    }
    return draft
  }
  for (const [tag, rows] of state.tags) visitShared(rows, wanted, (seq) => draftOf(seq).tags.push(tag))
  for (const [tag, rows] of state.removedTags) {
    visitShared(rows, wanted, (seq) => draftOf(seq).removedTags.push(tag))
  }
  for (const { name, sketchId, userId, seqs: rows } of state.labels) {
    visitShared(rows, wanted, (seq) => draftOf(seq).labels.push({ name, sketchId, userId }))
  }
  for (const [name, values] of state.attributes) {
    for (const [seq, json] of findValues(values, wanted)) draftOf(seq).attributes[name] = json
  }
  return seqs.map((seq) => drafts.get(seq) ?? NO_MARKS)
}

/** An event nobody has marked. */
export const NO_MARKS: EventMarks = Object.freeze({
  tags: Object.freeze([]),
  removedTags: Object.freeze([]),
  labels: Object.freeze([]),
  attributes: Object.freeze(Object.create(null)),
})

/** Values of one attribute beyond which the rows are put in order once, so that a page need not look at each value. */
const MANY_VALUES = 64

/** The rows that have any of many values, in order, with the place of the value in the list. */
interface ValuePlaces {
  readonly seqs: SeqList
  readonly places: Uint32Array
}

const placesOf = new WeakMap<readonly AttributeState[], ValuePlaces>()

/** The values that some rows have of one attribute. */
function* findValues(
  values: readonly AttributeState[],
  wanted: ReadonlySet<number>,
): Generator<[seq: number, json: unknown], void, undefined> {
  if (values.length <= MANY_VALUES) {
    for (const { json, seqs } of values) {
      const found: number[] = []
      visitShared(seqs, wanted, (seq) => found.push(seq))
      for (const seq of found) yield [seq, json]
    }
    return
  }
  const { seqs, places } = placesOf.get(values) ?? orderValues(values)
  for (const seq of wanted) {
    const at = lowerBound(seqs, seq)
    if (seqs[at] === seq) yield [seq, values[places[at]!]!.json]
  }
}

function orderValues(values: readonly AttributeState[]): ValuePlaces {
  const count = values.reduce((sum, { seqs }) => sum + seqs.length, 0)
  // A row number and a place, each below 2^32, in one number that sorts by the row.
  const pairs = new BigUint64Array(count)
  let length = 0
  for (const [place, { seqs }] of values.entries()) {
    for (const seq of seqs) pairs[length++] = (BigInt(seq) << 32n) | BigInt(place)
  }
  pairs.sort()
  const ordered = {
    seqs: Uint32Array.from(pairs, (pair) => Number(pair >> 32n)),
    places: Uint32Array.from(pairs, (pair) => Number(pair & 0xffff_ffffn)),
  }
  placesOf.set(values, ordered)
  return ordered
}

interface Draft {
  readonly tags: string[]
  readonly removedTags: string[]
  readonly labels: { readonly name: string; readonly sketchId: number; readonly userId: number }[]
  readonly attributes: Record<string, unknown>
}

function visitShared(rows: SeqList, wanted: ReadonlySet<number>, visit: (seq: number) => void): void {
  if (rows.length <= wanted.size) {
    for (const seq of rows) if (wanted.has(seq)) visit(seq)
    return
  }
  for (const seq of wanted) if (hasSeq(rows, seq)) visit(seq)
}
