import type { SigmaPlace } from '../problem.ts'

/** Tells line and column of offsets into a text; the lines are found at the first question. */
export class TextLines {
  readonly #file: string
  readonly #text: string
  #starts: readonly number[] | undefined

  constructor(file: string, text: string) {
    this.#file = file
    this.#text = text
  }

  /** @param offset - In UTF-16 units, 0-based. */
  placeOf(offset: number): SigmaPlace {
    this.#starts ??= listLineStarts(this.#text)
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { file: this.#file, line: low + 1, column: offset - this.#starts[low]! + 1 }
  }
}

function listLineStarts(text: string): number[] {
  const starts = [0]
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}
