import { LiteralAutomaton } from '../../../../text/automata/literal-automaton.ts'
import { TOKEN_END } from '../../../../text/terms/packed-terms.ts'
import type { TokenRange } from '../../../../text/terms/term-dictionary.ts'
import { MAX_TOKEN_LENGTH } from '../../../../text/tokens/word-break.ts'
import type { WordNeed } from '../plan/word-needs.ts'

/** Stands before and behind a word; no word has it. */
const EDGE = String.fromCharCode(TOKEN_END)

/**
 * What questions need of words, each need once. A word is cut at its greatest length, maybe inside of what is needed: then a word of
 * that length ends with a beginning of it, and, where that is only a letter or two, another word begins with the rest.
 */
export class NeedTable {
  readonly #numbers = new Map<string, number>()
  readonly #automaton = new LiteralAutomaton()
  readonly #byLiteral: number[][] = []
  /** By the last letter of a beginning of what is needed: the needs that a cut word with that end serves. */
  readonly #cut = new Map<string, { readonly beginning: string; readonly need: number }[]>()
  /** Of each need the pairs of others that serve it together. */
  readonly pairs: Map<number, readonly (readonly [ends: number, begins: number])[]> = new Map()
  #count = 0

  get count(): number {
    return this.#count
  }

  add({ matcher, text, mayBeCut }: WordNeed): number {
    const pattern = matcher.kind === 'pattern' ? matcher.pattern : undefined
    const literal = `${pattern?.startsWith('*') ? '' : EDGE}${toBytes(text)}${pattern?.endsWith('*') ? '' : EDGE}`
    const known = this.#numbers.get(literal)
    if (known !== undefined) return known
    const number = this.#addLiteral(literal)
    this.#numbers.set(literal, number)
    if (mayBeCut) {
      const ends: number[] = []
      const pairs: [number, number][] = []
      for (let length = 1; length <= SHORT_BEGINNING && length < text.length; length++) {
        const rest = text.slice(length)
        // So many words begin with so little that the cut word alone must do.
        if (rest.length < MIN_REST) {
          ends.push(number)
          continue
        }
        const end = this.#count++
        ends.push(end)
        const isOpen = pattern?.endsWith('*') ?? false
        pairs.push([end, this.#addLiteral(`${EDGE}${toBytes(rest)}${isOpen ? '' : EDGE}`)])
      }
      for (let length = 1; length < text.length; length++)
        this.#addBeginning(text.slice(0, length), ends[length - 1] ?? number)
      this.pairs.set(number, pairs)
    }
    return number
  }

  /** A need that every word with a piece serves, cut or not. */
  addPiece(piece: string): number {
    return this.#addLiteral(toBytes(piece))
  }

  /** After the last one was added. */
  finishInSteps(): Generator<void, void, undefined> {
    return this.#automaton.finishInSteps()
  }

  /** The needs that words of a block of a dictionary serve, by the word's number in the block. */
  choose(bytes: Buffer, { start, end }: TokenRange): ReadonlyMap<number, readonly number[]> {
    const served = new Map<number, readonly number[]>()
    this.#automaton.findInTokens(bytes, start, end, {
      separator: TOKEN_END,
      found: (literal, token) => {
        const known = served.get(token)
        const more = this.#byLiteral[literal]!
        served.set(token, known ? [...known, ...more] : more)
      },
      longBytes: MAX_TOKEN_LENGTH - 1,
      foundLong: (token, from, to) => {
        const all = this.#addCut(bytes.toString('utf8', from, to), served.get(token))
        if (all.length > 0) served.set(token, all)
      },
    })
    return served
  }

  /** What a word that may have been cut serves besides. */
  #addCut(token: string, served: readonly number[] = []): readonly number[] {
    if (token.length < MAX_TOKEN_LENGTH - 1) return served
    const all = new Set(served)
    for (const { beginning, need } of this.#cut.get(token.at(-1)!) ?? [])
      if (token.endsWith(beginning)) all.add(need)
    return [...all]
  }

  #addBeginning(beginning: string, need: number): void {
    const last = beginning.at(-1)!
    const known = this.#cut.get(last)
    if (known) known.push({ beginning, need })
    else this.#cut.set(last, [{ beginning, need }])
  }

  /** @param literal - Its bytes, each as a letter. */
  #addLiteral(literal: string): number {
    const number = this.#count++
    const at = this.#automaton.add(literal, this.#byLiteral.length)
    if (at === this.#byLiteral.length) this.#byLiteral.push([])
    this.#byLiteral[at]!.push(number)
    return number
  }
}

/** Letters with which so many words end that the rest of what is needed is looked for too. */
const SHORT_BEGINNING = 2
/** Letters that the rest must have to be looked for. */
const MIN_REST = 3

/** The bytes of a text, each as a letter. */
function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}
