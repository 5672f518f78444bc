import { RowSet } from '../../../text/row-set.ts'
import type { IndexHandle, Segment, SqlValue } from '../index-handle.ts'

/** Ascending row numbers of a whole index, each once. */
export type SeqList = Uint32Array

/** Runs SQL whose first column is a row number, in any order, with repeats; NULL is passed over. */
export async function querySeqs(
  handle: IndexHandle,
  sql: string,
  parameters: readonly SqlValue[],
  signal?: AbortSignal,
): Promise<SeqList> {
  let seqs = new Uint32Array(1024)
  let length = 0
  for await (const { rowCount, columns } of handle.query(sql, parameters, signal)) {
    const column = columns[0] as readonly (number | bigint | null)[]
    if (length + rowCount > seqs.length) {
      const grown = new Uint32Array(Math.max(seqs.length * 2, length + rowCount))
      grown.set(seqs)
      seqs = grown
    }
    for (let i = 0; i < rowCount; i++) {
      const seq = column[i]
      if (seq !== null) seqs[length++] = Number(seq)
    }
  }
  return sortSeqs(seqs.slice(0, length))
}

/** Puts row numbers in order and takes out repeats. The array belongs to the result. */
export function sortSeqs(seqs: Uint32Array<ArrayBuffer>): SeqList {
  let isAscending = true
  for (let i = 1; i < seqs.length && isAscending; i++) isAscending = seqs[i]! > seqs[i - 1]!
  if (isAscending) return seqs
  seqs.sort()
  let length = 0
  for (let i = 0; i < seqs.length; i++) {
    if (i === 0 || seqs[i] !== seqs[i - 1]) seqs[length++] = seqs[i]!
  }
  return seqs.slice(0, length)
}

/** The rows of one segment out of a list for the index, counted in the segment. */
export function cutToSegment(seqs: SeqList, segment: Segment): RowSet {
  const { firstSeq, rowCount } = segment
  const start = lowerBound(seqs, firstSeq)
  const end = lowerBound(seqs, firstSeq + rowCount)
  if (start === end) return RowSet.none(rowCount)
  const rows = seqs.slice(start, end)
  for (let i = 0; i < rows.length; i++) rows[i]! -= firstSeq
  return RowSet.fromSorted(rows, rowCount)
}

/** Position of the first row number that is not below `seq`. */
export function lowerBound(seqs: SeqList, seq: number): number {
  let low = 0
  let high = seqs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (seqs[middle]! < seq) low = middle + 1
    else high = middle
  }
  return low
}

/** True when the list has the row. */
export function hasSeq(seqs: SeqList, seq: number): boolean {
  return seqs[lowerBound(seqs, seq)] === seq
}

/** Rows of either list. */
export function uniteSeqs(a: SeqList, b: SeqList): SeqList {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const united = new Uint32Array(a.length + b.length)
  let length = 0
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const left = i < a.length ? a[i]! : Number.POSITIVE_INFINITY
    const right = j < b.length ? b[j]! : Number.POSITIVE_INFINITY
    united[length++] = Math.min(left, right)
    if (left <= right) i++
    if (right <= left) j++
  }
  return united.slice(0, length)
}

/** Rows of the first list that the second does not have. */
export function subtractSeqs(a: SeqList, b: SeqList): SeqList {
  return filterSeqs(a, b, false)
}

/** Rows of both lists. */
export function intersectSeqs(a: SeqList, b: SeqList): SeqList {
  return filterSeqs(a, b, true)
}

function filterSeqs(a: SeqList, b: SeqList, wanted: boolean): SeqList {
  const kept = new Uint32Array(a.length)
  let length = 0
  let j = 0
  for (let i = 0; i < a.length; i++) {
    const seq = a[i]!
    while (j < b.length && b[j]! < seq) j++
    if ((j < b.length && b[j] === seq) === wanted) kept[length++] = seq
  }
  return kept.slice(0, length)
}
