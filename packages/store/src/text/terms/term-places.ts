import type { ByteArena } from '../byte-arena.ts'
import type { ListedLines } from '../field-lines.ts'
import { forEachRun } from './postings.ts'

/** Writes the places of terms in the lines of a field as they are kept (term-positions.ts). */
export class TermPlaces {
  #placesOfRows = new Uint8Array(1024)

  /**
   * Appends a term's places to an arena. No row may have two lines.
   *
   * @param postings - Where the rows of the term are in the arena, if it has several lines.
   */
  append(
    arena: ByteArena,
    term: number,
    listed: ListedLines,
    postings: { readonly start: number; readonly end: number },
  ): void {
    const { lines, lineEnds, places, rows, rowEnds, rowCounts } = listed
    const start = term === 0 ? 0 : lineEnds[term - 1]!
    const end = lineEnds[term]!
    if (isConstant(places, start, end)) {
      arena.reserve(1)
      arena.bytes[arena.length++] = places[start]!
      return
    }
    let count = 0
    for (let i = start; i < end; i++) {
      const line = lines[i]!
      const rowEnd = rowEnds[line]!
      count += rowCounts[line]!
      const highest = rows[rowEnd - 1]!
      if (highest >= this.#placesOfRows.length)
        this.#placesOfRows = growBytes(this.#placesOfRows, highest + 1)
      for (let at = rowEnd - rowCounts[line]!; at < rowEnd; at++) this.#placesOfRows[rows[at]!] = places[i]!
    }
    arena.reserve(count)
    const { bytes } = arena
    forEachRun(bytes.subarray(postings.start, postings.end), 0, (first, behind) => {
      for (let row = first; row < behind; row++) bytes[arena.length++] = this.#placesOfRows[row]!
    })
  }
}

function isConstant(places: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (places[i] !== places[start]) return false
  return true
}

function growBytes(array: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.max(length, array.length * 2))
  grown.set(array)
  return grown
}
