import type { SourceBytes, WordQuestion } from '@timeskein/store'
import { LiteralAutomaton } from '@timeskein/store/texts'
import { readRequiredLiteral } from '../values/required-literal.ts'
import { type Anchor, chooseAnchors, holdsAnchor } from './anchors.ts'

/** A piece of plain text that the source of every event with an answer holds, in lower case and as JSON writes it. */
interface Piece {
  readonly text: string
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
/** What becomes a letter of ASCII where case is folded (Kelvin sign, dotted I, long s): in the bytes of UTF-8, and as escapes. */
const FOLDED = ['\u212a', '\u0130', '\u017f'].map((letter) => Buffer.from(letter))
const FOLDED_ESCAPES = ['u212', 'u013', 'u017'].map((text) => Buffer.from(text))
/** The same as `toLowerText` leaves it. */
const UNCLEAR_TEXTS = [
  ...ASCII_ESCAPES,
  ...FOLDED_ESCAPES.map((bytes) => `\\${bytes}`),
  ...FOLDED.map((bytes) => toLowerText(bytes, 0, bytes.length)),
]
/** Searches for one piece in a row; from then on all pieces are looked for at once, however many there are. */
const MAX_SEARCHES = 8

/**
 * Tells of source texts, by their bytes alone, which questions they have no answer to: no text is made and no JSON read. Parts
 * without letters are looked for in whole blocks first, as nothing does it faster.
 */
export class SourcePieces {
  readonly #automaton = new LiteralAutomaton()
  readonly #pieces = new Map<number, Piece>()

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
      this.#pieces.set(question, {
        text: piece,
        number,
        hasSlash: piece.includes('/'),
        anchors: anchors[at]!,
      })
    }
    this.#automaton.finish()
  }

  /** Looks at a block, as far as is asked; rows of one block are asked for one after the other. */
  open(block: SourceBytes): BlockPieces {
    return new BlockPieces(block, this.#pieces, this.#automaton)
  }
}

/** What is known of one row's source. */
class RowPieces {
  readonly #block: SourceBytes
  readonly #row: number
  readonly #automaton: LiteralAutomaton
  /** In lower case. */
  readonly #text: string
  #searches = 0
  #found: Set<number> | undefined
  #isUnclear: boolean | undefined
  #hasSlashEscape: boolean | undefined

  constructor(block: SourceBytes, row: number, automaton: LiteralAutomaton) {
    this.#block = block
    this.#row = row
    this.#automaton = automaton
    const { bytes, offsets } = block
    this.#text = toLowerText(bytes, offsets[row]!, offsets[row + 1]!)
  }

  holds({ text, number }: Piece): boolean {
    if (!this.#found && ++this.#searches <= MAX_SEARCHES) return this.#text.includes(text)
    this.#found ??= this.#findAll()
    return this.#found.has(number!)
  }

  /** Whether a letter may stand there as an escape, or as what becomes one where case is folded. */
  get isUnclear(): boolean {
    this.#isUnclear ??= UNCLEAR_TEXTS.some((text) => this.#text.includes(text))
    return this.#isUnclear
  }

  get hasSlashEscape(): boolean {
    this.#hasSlashEscape ??= this.#text.includes('\\/')
    return this.#hasSlashEscape
  }

  #findAll(): Set<number> {
    const { bytes, offsets } = this.#block
    const found = new Set<number>()
    const tell = (number: number): Set<number> => found.add(number)
    this.#automaton.findBytes(bytes, offsets[this.#row]!, offsets[this.#row + 1]!, tell)
    return found
  }
}

/** Bytes as a text with a letter for each, those of ASCII in lower case: made and searched several times as fast as bytes are looked at. */
function toLowerText(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end).toLowerCase()
}

/** What is known of the sources of one block. */
export class BlockPieces {
  readonly #block: SourceBytes
  readonly #pieces: ReadonlyMap<number, Piece>
  readonly #automaton: LiteralAutomaton
  readonly #rows = new Map<number, RowPieces>()
  /** By anchor: whether the whole block lacks it. */
  readonly #lacking = new Map<Anchor, boolean>()
  #hasEscapes: boolean | undefined
  #hasSlashes: boolean | undefined
  #hasFolded: boolean | undefined

  constructor(block: SourceBytes, pieces: ReadonlyMap<number, Piece>, automaton: LiteralAutomaton) {
    this.#block = block
    this.#pieces = pieces
    this.#automaton = automaton
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
      known = new RowPieces(this.#block, row, this.#automaton)
      this.#rows.set(row, known)
    }
    return !known.holds(piece) && !this.#isUnclear(piece, known)
  }

  /** Most blocks as a whole are clear. */
  #isUnclear({ hasSlash }: Piece, row: RowPieces): boolean {
    this.#hasEscapes ??= this.#holdsEscapes()
    this.#hasFolded ??= this.#holdsFolded()
    if ((this.#hasEscapes || this.#hasFolded) && row.isUnclear) return true
    if (!hasSlash) return false
    this.#hasSlashes ??= holdsAnchor(this.#block, SLASH_ESCAPE)
    return this.#hasSlashes && row.hasSlashEscape
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

  #holdsFolded(): boolean {
    const { bytes, offsets } = this.#block
    return [...FOLDED, ...FOLDED_ESCAPES].some((one) => bytes.indexOf(one, offsets[0]) >= 0)
  }

  #holdsEscapes(): boolean {
    const { bytes, offsets } = this.#block
    let at = bytes.indexOf(ASCII_ESCAPE, offsets[0])
    while (at > 0 && !isPrintableEscape(bytes, at)) at = bytes.indexOf(ASCII_ESCAPE, at + 1)
    return at > 0
  }
}

/** @param at - Of what stands behind the backslash; those of control characters are frequent. */
function isPrintableEscape(bytes: Buffer, at: number): boolean {
  const digit = bytes[at + ASCII_ESCAPE.length]!
  return bytes[at - 1] === BACKSLASH && digit >= 0x32 && digit <= 0x37
}
