import type { SourceBytes, WordQuestion } from '@timeskein/store'
import { LiteralAutomaton } from '@timeskein/store/texts'
import { readRequiredLiteral } from '../values/required-literal.ts'

/** A piece of plain text that the source of every event with an answer holds, in lower case and as JSON writes it. */
interface Piece {
  /** Undefined for a question to one field: reading that of a row costs less than looking through its whole source. */
  readonly number: number | undefined
  readonly hasSlash: boolean
  /** The longest part without letters: how it stands in the source is certain, but for escapes. Pieces share them. */
  readonly anchor: Buffer | undefined
}

/** Shorter pieces and parts of them stand nearly everywhere. */
const MIN_PIECE_LENGTH = 2
/** Signs that JSON and paths are full of: the search for a part stops at each place that begins as the part does. */
const FREQUENT_BEGINNING = /^[^${}<>|;%#@!?*&^~`+[\]]+/

/** A slash may be written `\/`, and each character as `\u` with its number; these are the numbers of all printable ones. */
const SLASH_ESCAPE = Buffer.from('\\/')
const ASCII_ESCAPE = Buffer.from('\\u00')
const ASCII_ESCAPES = ['2', '3', '4', '5', '6', '7'].map((digit) => `\\u00${digit}`)
/** What becomes a letter of ASCII where case is folded (Kelvin sign, dotted I, long s): as escapes, and in the bytes of UTF-8. */
const FOLDED = ['\u212a', '\u0130', '\u017f']
const FOLDED_ESCAPES = ['\\u212a', '\\u0130', '\\u017f']

/**
 * Tells of source texts, by their bytes alone, which questions they have no answer to: no text is made and no JSON read. Parts
 * without letters are looked for in whole blocks first, as nothing does it faster.
 */
export class SourcePieces {
  readonly #automaton = new LiteralAutomaton()
  readonly #pieces = new Map<number, Piece>()
  readonly #anchors = new Map<string, Buffer>()
  readonly #unclear: number
  readonly #unclearSlash: number

  /** @param questions - By their numbers. */
  constructor(questions: Iterable<readonly [number, WordQuestion]>) {
    let count = 0
    for (const [question, query] of questions) {
      const literal = readRequiredLiteral(query)
      if (literal === undefined || literal.length < MIN_PIECE_LENGTH) continue
      const piece = JSON.stringify(literal).slice(1, -1)
      const number = query.field === undefined ? this.#automaton.add(piece, count) : undefined
      if (number === count) count++
      this.#pieces.set(question, { number, hasSlash: piece.includes('/'), anchor: this.#anchorOf(piece) })
    }
    this.#unclear = count
    this.#unclearSlash = count + 1
    const folded = FOLDED.map((letter) => Buffer.from(letter).toString('latin1'))
    for (const text of [...ASCII_ESCAPES, ...FOLDED_ESCAPES, ...folded])
      this.#automaton.add(text, this.#unclear)
    this.#automaton.add(SLASH_ESCAPE.toString(), this.#unclearSlash)
    this.#automaton.finish()
  }

  /** Looks at a block, as far as is asked; rows of one block are asked for one after the other. */
  open(block: SourceBytes): BlockPieces {
    return new BlockPieces(block, this.#pieces, (row) => this.#findIn(block, row))
  }

  #anchorOf(piece: string): Buffer | undefined {
    const text = readAnchor(piece)
    if (text === undefined) return undefined
    const anchor = this.#anchors.get(text) ?? Buffer.from(text)
    this.#anchors.set(text, anchor)
    return anchor
  }

  #findIn({ bytes, offsets }: SourceBytes, row: number): RowPieces {
    const found = new Set<number>()
    this.#automaton.findBytes(bytes, offsets[row]!, offsets[row + 1]!, (number) => found.add(number))
    return {
      found,
      isUnclear: found.has(this.#unclear),
      isUnclearSlash: found.has(this.#unclearSlash),
    }
  }
}

interface RowPieces {
  readonly found: ReadonlySet<number>
  readonly isUnclear: boolean
  readonly isUnclearSlash: boolean
}

/** What is known of the sources of one block. */
export class BlockPieces {
  readonly #block: SourceBytes
  readonly #pieces: ReadonlyMap<number, Piece>
  readonly #find: (row: number) => RowPieces
  readonly #rows = new Map<number, RowPieces>()
  /** By anchor: whether the whole block lacks it. */
  readonly #lacking = new Map<Buffer, boolean>()
  #hasEscapes: boolean | undefined
  #hasSlashes: boolean | undefined

  constructor(block: SourceBytes, pieces: ReadonlyMap<number, Piece>, find: (row: number) => RowPieces) {
    this.#block = block
    this.#pieces = pieces
    this.#find = find
  }

  /** True when no text of any of the block's events can be an answer to a question. */
  blockLacks(question: number): boolean {
    const piece = this.#pieces.get(question)
    return piece !== undefined && this.#blockLacks(piece)
  }

  /** True when no text of a row's event can be an answer to a question. */
  lacks(question: number, row: number): boolean {
    const piece = this.#pieces.get(question)
    if (!piece) return false
    if (this.#blockLacks(piece)) return true
    if (piece.number === undefined) return false
    let known = this.#rows.get(row)
    if (!known) {
      known = this.#find(row)
      this.#rows.set(row, known)
    }
    return !known.found.has(piece.number) && !known.isUnclear && !(piece.hasSlash && known.isUnclearSlash)
  }

  #blockLacks({ anchor }: Piece): boolean {
    if (!anchor) return false
    let isLacking = this.#lacking.get(anchor)
    if (isLacking === undefined) {
      isLacking = !this.#holds(anchor) && !this.#mayBeEscaped(anchor)
      this.#lacking.set(anchor, isLacking)
    }
    return isLacking
  }

  #mayBeEscaped(anchor: Buffer): boolean {
    this.#hasEscapes ??= this.#holds(ASCII_ESCAPE)
    if (this.#hasEscapes || !anchor.includes('/')) return this.#hasEscapes
    this.#hasSlashes ??= this.#holds(SLASH_ESCAPE)
    return this.#hasSlashes
  }

  #holds(anchor: Buffer): boolean {
    return this.#block.bytes.indexOf(anchor, this.#block.offsets[0]) >= 0
  }
}

function readAnchor(piece: string): string | undefined {
  const parts = piece.split(/[a-z]+/)
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best), '')
  const rare = longest.replace(FREQUENT_BEGINNING, '')
  const anchor = rare.length >= MIN_PIECE_LENGTH ? rare : longest
  return anchor.length >= MIN_PIECE_LENGTH ? anchor : undefined
}
