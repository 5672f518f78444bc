import type { ByteArena } from './byte-arena.ts'
import type { ListedLines } from './field-lines.ts'
import { appendPostings } from './terms/postings.ts'

/** Up to so many rows a list is sorted by insertion. */
const SHORT_LIST = 48
/** A bitmap is worth its scan when it has at most so many words for each row in it. */
const WORDS_PER_ROW = 4

/** The rows of several lines as one list, each once, made in memory that is used again. */
export class RowUnion {
  #scratch = new Uint32Array(1024)
  #bitmap = new Uint32Array(1024)

  /** Appends the posting list of the rows of `lines[start] … lines[end - 1]` to an arena. */
  append(arena: ByteArena, listed: ListedLines, start: number, end: number): void {
    const total = sumOf(listed.lines, start, end, listed.rowCounts)
    if (total > this.#scratch.length) this.#scratch = new Uint32Array(total * 2)
    const isAscending =
      total === end - start
        ? copySingles(listed, start, end, this.#scratch)
        : this.#copyAll(listed, start, end)
    appendPostings(arena, this.#scratch, 0, isAscending ? total : this.#sortScratch(total))
  }

  /** Copies the rows of some lines to the scratch memory; whether they ascend. */
  #copyAll({ lines, rows, rowEnds, rowCounts }: ListedLines, start: number, end: number): boolean {
    const scratch = this.#scratch
    let length = 0
    let isAscending = true
    for (let i = start; i < end; i++) {
      const line = lines[i]!
      const size = rowCounts[line]!
      const isInOrder = copyAscending(rows, rowEnds[line]! - size, size, scratch, length)
      isAscending &&= isInOrder
      length += size
    }
    return isAscending
  }

  /** Sorts the first `total` rows in the scratch memory; returns how many different ones they were. */
  #sortScratch(total: number): number {
    const scratch = this.#scratch
    if (total <= SHORT_LIST) {
      sortByInsertion(scratch, total)
    } else {
      let lowest = 0xffffffff
      let highest = 0
      for (let i = 0; i < total; i++) {
        const row = scratch[i]!
        if (row < lowest) lowest = row
        if (row > highest) highest = row
      }
      if ((highest - lowest) / 32 < total * WORDS_PER_ROW) return this.#sortInBitmap(total, lowest, highest)
      scratch.subarray(0, total).sort()
    }
    let count = 0
    for (let i = 0; i < total; i++) {
      if (i === 0 || scratch[i] !== scratch[count - 1]) scratch[count++] = scratch[i]!
    }
    return count
  }

  #sortInBitmap(total: number, lowest: number, highest: number): number {
    const wordCount = ((highest - lowest) >>> 5) + 1
    if (wordCount > this.#bitmap.length) this.#bitmap = new Uint32Array(wordCount * 2)
    const bitmap = this.#bitmap
    const scratch = this.#scratch
    for (let i = 0; i < total; i++) {
      const bit = scratch[i]! - lowest
      bitmap[bit >>> 5]! |= 1 << (bit & 31)
    }
    let count = 0
    for (let word = 0; word < wordCount; word++) {
      const base = lowest + word * 32 + 31
      for (let bits = bitmap[word]! | 0; bits !== 0; bits &= bits - 1) {
        scratch[count++] = base - Math.clz32(bits & -bits)
      }
      bitmap[word] = 0
    }
    return count
  }
}

function sortByInsertion(rows: Uint32Array, length: number): void {
  for (let i = 1; i < length; i++) {
    const row = rows[i]!
    let at = i
    while (at > 0 && rows[at - 1]! > row) {
      rows[at] = rows[at - 1]!
      at--
    }
    rows[at] = row
  }
}

/** The sum of what some lines have. */
function sumOf(lines: Uint32Array, start: number, end: number, counts: Uint32Array): number {
  let sum = 0
  for (let i = start; i < end; i++) sum += counts[lines[i]!]!
  return sum
}

/** Copies the one row of each of some lines; whether they ascend. */
function copySingles(
  { lines, rows, rowEnds }: ListedLines,
  start: number,
  end: number,
  target: Uint32Array,
): boolean {
  let isAscending = true
  let last = -1
  for (let i = start; i < end; i++) {
    const row = rows[rowEnds[lines[i]!]! - 1]!
    if (row <= last) isAscending = false
    last = row
    target[i - start] = row
  }
  return isAscending
}

/** Copies rows behind others; whether they ascend, all of them and from the one before. */
function copyAscending(
  rows: Uint32Array,
  start: number,
  count: number,
  target: Uint32Array,
  at: number,
): boolean {
  let isAscending = true
  let last = at === 0 ? -1 : target[at - 1]!
  for (let i = 0; i < count; i++) {
    const row = rows[start + i]!
    if (row <= last) isAscending = false
    last = row
    target[at + i] = row
  }
  return isAscending
}
