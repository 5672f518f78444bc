/** Rows kept as a list before they become a bitmap. */
const MAX_LISTED_ROWS = 65_536
const BITS = 32

/** Row numbers of an index, each once: a few as a list, many as a bitmap of an eighth of a byte for each row of the index. */
export class RowCollector {
  #pieces: Uint32Array[] = []
  #listed = 0
  #bitmap: Uint32Array | undefined

  /** The list is copied. */
  add(rows: Uint32Array): void {
    if (this.#bitmap) {
      this.#mark(rows)
      return
    }
    this.#pieces.push(rows.slice())
    this.#listed += rows.length
    if (this.#listed <= MAX_LISTED_ROWS) return
    this.#bitmap = new Uint32Array(0)
    for (const piece of this.#pieces) this.#mark(piece)
    this.#pieces = []
  }

  /** All of them, ascending. */
  toRows(): Uint32Array {
    return this.#bitmap ? listBits(this.#bitmap) : listOnce(this.#pieces, this.#listed)
  }

  #mark(rows: Uint32Array): void {
    let bitmap = this.#bitmap!
    let highest = 0
    for (const row of rows) if (row > highest) highest = row
    const words = Math.floor(highest / BITS) + 1
    if (words > bitmap.length) {
      const larger = new Uint32Array(Math.max(words, bitmap.length * 2))
      larger.set(bitmap)
      bitmap = larger
      this.#bitmap = bitmap
    }
    for (const row of rows) bitmap[row >>> 5]! |= 1 << (row & 31)
  }
}

function listBits(bitmap: Uint32Array): Uint32Array {
  let count = 0
  for (const word of bitmap) for (let rest = word; rest !== 0; rest &= rest - 1) count++
  const rows = new Uint32Array(count)
  let at = 0
  for (let index = 0; index < bitmap.length; index++)
    for (let rest = bitmap[index]!; rest !== 0; rest &= rest - 1)
      rows[at++] = index * BITS + (31 - Math.clz32(rest & -rest))
  return rows
}

function listOnce(pieces: readonly Uint32Array[], length: number): Uint32Array {
  const all = new Uint32Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  all.sort()
  let count = 0
  for (const row of all) if (count === 0 || all[count - 1] !== row) all[count++] = row
  return all.slice(0, count)
}
