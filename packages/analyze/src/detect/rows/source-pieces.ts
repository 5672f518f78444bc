import type { SourceBytes, WordQuestion } from '@timeskein/store'
import { LiteralAutomaton } from '@timeskein/store/texts'
import { readRequiredLiteral } from '../values/required-literal.ts'
import { type Anchor, chooseAnchors, holdsAnchor } from './anchors.ts'

/** A piece of plain text that the source of every event with an answer holds, in lower case and as JSON writes it. */
interface Piece {
  /** Undefined for a question to one field: reading that of a row costs less than looking through its whole source. */
  readonly number: number | undefined
  readonly hasSlash: boolean
  /** Parts without letters: how they stand in the source is certain, but for escapes. Pieces share them. */
  readonly anchors: readonly Anchor[]
}

/** Shorter pieces stand nearly everywhere. */
const MIN_PIECE_LENGTH = 2

/** A slash may be written `\/`, and each character as `\u` with its number; these are the numbers of all printable ones. */
const SLASH_ESCAPE = { bytes: Buffer.from('\\/'), isFromEnd: true } as const
const BACKSLASH = 0x5c
/** What stands behind the backslash, which sources are full of. */
const ASCII_ESCAPE = Buffer.from('u00')
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
  readonly #unclear: number
  readonly #unclearSlash: number

  /** @param questions - By their numbers. */
  constructor(questions: Iterable<readonly [number, WordQuestion]>) {
    let count = 0
    const read = [...questions].flatMap(([question, query]) => {
      const literal = readRequiredLiteral(query)
      if (literal === undefined || literal.length < MIN_PIECE_LENGTH) return []
      return [{ question, query, piece: JSON.stringify(literal).slice(1, -1) }]
    })
    const anchors = chooseAnchors(read.map(({ piece }) => piece))
    for (const [at, { question, query, piece }] of read.entries()) {
      const number = query.field === undefined ? this.#automaton.add(piece, count) : undefined
      if (number === count) count++
      this.#pieces.set(question, { number, hasSlash: piece.includes('/'), anchors: anchors[at]! })
    }
    this.#unclear = count
    this.#unclearSlash = count + 1
    const folded = FOLDED.map((letter) => Buffer.from(letter).toString('latin1'))
    for (const text of [...ASCII_ESCAPES, ...FOLDED_ESCAPES, ...folded])
      this.#automaton.add(text, this.#unclear)
    this.#automaton.add(SLASH_ESCAPE.bytes.toString(), this.#unclearSlash)
    this.#automaton.finish()
  }

  /** Looks at a block, as far as is asked; rows of one block are asked for one after the other. */
  open(block: SourceBytes): BlockPieces {
    return new BlockPieces(block, this.#pieces, (row) => this.#findIn(block, row))
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
  readonly #lacking = new Map<Anchor, boolean>()
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

  #blockLacks({ anchors }: Piece): boolean {
    return anchors.some((anchor) => {
      let isLacking = this.#lacking.get(anchor)
      if (isLacking === undefined) {
        isLacking = !holdsAnchor(this.#block, anchor) && !this.#mayBeEscaped(anchor)
        this.#lacking.set(anchor, isLacking)
      }
      return isLacking
    })
  }

  #mayBeEscaped({ text }: Anchor): boolean {
    this.#hasEscapes ??= this.#holdsEscapes()
    if (this.#hasEscapes || !text.includes('/')) return this.#hasEscapes
    this.#hasSlashes ??= holdsAnchor(this.#block, SLASH_ESCAPE)
    return this.#hasSlashes
  }

  #holdsEscapes(): boolean {
    const { bytes, offsets } = this.#block
    let at = bytes.indexOf(ASCII_ESCAPE, offsets[0])
    while (at > 0 && bytes[at - 1] !== BACKSLASH) at = bytes.indexOf(ASCII_ESCAPE, at + 1)
    return at > 0
  }
}
