import { RowSet } from '../../../../text/terms/row-set.ts'
import type { IndexHandle, Segment, SqlValue } from '../../index-handle.ts'

/** Ascending row numbers of a whole index, each once. */
export type SeqList = Uint32Array

/** Rows of a chunk of bits; a power of two. */
const CHUNK_BITS = 15

/**
 * SQL that puts rows together as bits, so that a million of them come in 31 rows: of each chunk its number and its bits, for `addBits`.
 *
 * @param sql - Its column `seq` is a row number, in any order, with repeats.
 * @param by - A column of it: rows with different values come apart, each with its value as the third column. @default all together
 */
export function bitsSql(sql: string, by?: string): string {
  const mask = 2 ** CHUNK_BITS - 1
  const [chosen, grouped] = by === undefined ? ['', ''] : [`, ${by}`, `, ${by}`]
  return `SELECT (seq >> ${CHUNK_BITS})::INTEGER AS chunk,
      bitstring_agg((seq & ${mask})::INTEGER, 0, ${mask})::BLOB${chosen} FROM (${sql}) GROUP BY chunk${grouped}`
}

/** Tells the rows of a chunk, ascending. */
export function addBits(chunk: number, bits: Uint8Array, add: (seq: number) => void): void {
  const firstSeq = chunk * 2 ** CHUNK_BITS
  for (let at = 0; at < bits.length; at++) {
    // The highest bit of a byte is its first row.
    for (let byte = bits[at]!; byte !== 0; ) {
      const bit = Math.clz32(byte) - 24
      add(firstSeq + at * 8 + bit)
      byte &= ~(0x80 >>> bit)
    }
  }
}

/** Runs SQL whose column `seq` is a row number, in any order, with repeats. */
export async function querySeqs(
  handle: IndexHandle,
  sql: string,
  parameters: readonly SqlValue[],
  signal?: AbortSignal,
): Promise<SeqList> {
  const chunks: { readonly chunk: number; readonly bits: Uint8Array }[] = []
  for await (const { rowCount, columns } of handle.query(bitsSql(sql), parameters, signal)) {
    for (let i = 0; i < rowCount; i++) {
      chunks.push({ chunk: Number(columns[0]![i]), bits: columns[1]![i] as Uint8Array })
    }
  }
  chunks.sort((a, b) => a.chunk - b.chunk)
  const seqs = new Uint32Array(chunks.reduce((sum, { bits }) => sum + countBits(bits), 0))
  let length = 0
  for (const { chunk, bits } of chunks)
    addBits(chunk, bits, (seq) => {
      seqs[length++] = seq
    })
  return seqs
}

function countBits(bytes: Uint8Array): number {
  let count = 0
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at]!
    byte -= (byte >>> 1) & 0x55
    byte = (byte & 0x33) + ((byte >>> 2) & 0x33)
    count += (byte + (byte >>> 4)) & 0x0f
  }
  return count
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

/** A list so many times shorter than another is looked up in it row by row, instead of walking through both. */
const MUCH_SHORTER = 16

/** Rows of either list. */
export function uniteSeqs(a: SeqList, b: SeqList): SeqList {
  if (a.length === 0) return b
  if (b.length === 0) return a
  if (b.length * MUCH_SHORTER < a.length) return insertSeqs(a, b)
  if (a.length * MUCH_SHORTER < b.length) return insertSeqs(b, a)
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
  if (a.length === 0 || b.length === 0) return a
  if (a.length * MUCH_SHORTER < b.length) return a.filter((seq) => !hasSeq(b, seq))
  if (b.length * MUCH_SHORTER < a.length) return removeSeqs(a, b)
  return filterSeqs(a, b, false)
}

/** Rows of both lists. */
export function intersectSeqs(a: SeqList, b: SeqList): SeqList {
  if (a.length * MUCH_SHORTER < b.length) return a.filter((seq) => hasSeq(b, seq))
  if (b.length * MUCH_SHORTER < a.length) return b.filter((seq) => hasSeq(a, seq))
  return filterSeqs(a, b, true)
}

/** A long list with the rows of a short one put in; what lies between them is copied as it stands. */
function insertSeqs(long: SeqList, short: SeqList): SeqList {
  const united = new Uint32Array(long.length + short.length)
  let length = 0
  let from = 0
  for (const seq of short) {
    const to = lowerBound(long, seq)
    united.set(long.subarray(from, to), length)
    length += to - from
    from = to
    if (long[to] !== seq) united[length++] = seq
  }
  united.set(long.subarray(from), length)
  length += long.length - from
  return length === united.length ? united : united.slice(0, length)
}

/** A long list without the rows of a short one; the very list when it has none of them. */
function removeSeqs(long: SeqList, short: SeqList): SeqList {
  const gone = short.filter((seq) => hasSeq(long, seq))
  if (gone.length === 0) return long
  const left = new Uint32Array(long.length - gone.length)
  let length = 0
  let from = 0
  for (const seq of gone) {
    const to = lowerBound(long, seq)
    left.set(long.subarray(from, to), length)
    length += to - from
    from = to + 1
  }
  left.set(long.subarray(from), length)
  return left
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

/** Rows of any of the lists. */
export function uniteAllSeqs(lists: readonly SeqList[]): SeqList {
  const [first = new Uint32Array(0), second] = lists
  if (!second) return first
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0))
  let length = 0
  for (const list of lists) {
    all.set(list, length)
    length += list.length
  }
  return sortSeqs(all)
}
