import type { BatchSpace } from '@timeskein/model'
import { type ByteArena, Float64Scratch, Scratch } from '../byte-arena.ts'
import { FIRST_PAIR, LENGTH, NEXT_PAIR, PAIR_FIELD, PAIR_WORDS, TEXT } from '../tokens/kernel/word-layout.ts'
import { sortTokens } from '../tokens/sort-tokens.ts'
import type { TokenTable } from '../tokens/token-table.ts'
import { type TermField, TermPacker } from './packed-terms.ts'

/** In a pair's record: where its postings lie; its one row, and an end of 0, if it has no more. */
export const POSTINGS_START = 2
export const POSTINGS_END = 3

/** Set in the field of a pair that has places. */
export const HAS_PLACES: number = 2 ** 31

/** So many tokens are packed together. */
const GROUP = 256

/** Where the places of pairs lie among the postings, by the number of the pair. */
export type PlacesOfPairs = Map<number, { readonly start: number; readonly end: number }>

/** The tokens of a batch and what is known of them. */
export interface FoundTerms {
  readonly table: TokenTable
  /** The posting lists that pairs point to, and places. */
  readonly postings: ByteArena
  readonly placesOfPairs: PlacesOfPairs
  readonly fields: readonly TermField[]
}

/** Packs the tokens of a table, in their order, with the postings of their pairs. */
export class TokenPacker {
  readonly #packer = new TermPacker()
  readonly #sorted = new Scratch()
  readonly #keys = new Float64Scratch()
  readonly #firstPairs = new Uint32Array(GROUP)
  readonly #fetched = new Uint32Array(GROUP)

  /** @param space - What the packed terms are put into. @default memory of their own */
  pack(found: FoundTerms, space: BatchSpace | undefined): Uint8Array {
    const { table } = found
    const { count } = table
    const sorted = this.#sorted.take(count)
    sortTokens(table, sorted, this.#keys.take(count))
    for (let start = 0; start < count; start += GROUP) {
      this.#packTokens(found, sorted, start, Math.min(start + GROUP, count))
    }
    return this.#packer.finish(space)
  }

  /** Packs some tokens. All of them are looked at first, then their first pairs: together they are fetched faster. */
  #packTokens(found: FoundTerms, tokens: Uint32Array, start: number, end: number): void {
    this.#fetchPairs(found.table, tokens, start, end)
    for (let i = start; i < end; i++) this.#packToken(found, tokens[i]!, this.#firstPairs[i - start]!)
  }

  #fetchPairs({ words, pairs }: TokenTable, tokens: Uint32Array, start: number, end: number): void {
    const firstPairs = this.#firstPairs
    for (let i = start; i < end; i++) firstPairs[i - start] = words[tokens[i]! + FIRST_PAIR]!
    for (let i = 0; i < end - start; i++) this.#fetched[i] = pairs[(firstPairs[i]! - 1) * PAIR_WORDS]!
  }

  #packToken({ table, postings, placesOfPairs, fields }: FoundTerms, token: number, firstPair: number): void {
    const { words, bytes, pairs } = table
    const packer = this.#packer
    const textStart = (token + TEXT) * 4
    packer.addToken(bytes, textStart, textStart + words[token + LENGTH]!)
    for (let pair = firstPair; pair !== 0; ) {
      const record = (pair - 1) * PAIR_WORDS
      const field = pairs[record + PAIR_FIELD]! & ~HAS_PLACES
      const start = pairs[record + POSTINGS_START]!
      const end = pairs[record + POSTINGS_END]!
      if (end === 0) packer.addRow(field, start)
      else packer.addPostings(field, postings.bytes, start, end)
      if (pairs[record + PAIR_FIELD]! >= HAS_PLACES) {
        const places = placesOfPairs.get(pair - 1)!
        packer.addPostings(findPlaces(fields, field), postings.bytes, places.start, places.end)
      }
      pair = pairs[record + NEXT_PAIR]!
    }
  }
}

/** The number of `places` of a field whose words have a number: the view that was begun last of that field. */
function findPlaces(fields: readonly TermField[], words: number): number {
  let field = words
  while (fields[field]!.view !== 'places') field++
  return field
}
