import type { EventMarks } from '@timeskein/model'
import { hasSeq, type SeqList } from '../ask/rows/seq-list.ts'
import type { MarkState } from './fold-marks.ts'

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
    for (const { json, seqs: rows } of values) {
      visitShared(rows, wanted, (seq) => {
        draftOf(seq).attributes[name] = json
      })
    }
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
