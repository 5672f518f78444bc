/**
 * Where a token stands in the values of a field, for phrases of frequent words.
 *
 * Format: one byte for each row of the token's posting list, in its order; a single byte stands for all of them where
 * they are equal. Bits 0 to 6 are how many tokens stand before its first coming, 127 for 127 and more; bit 7 says that it
 * comes again in the value.
 */
import { forEachRun } from './postings.ts'

/** Set where a token comes again in the same value. */
export const MORE_PLACES = 0x80
/** The place that stands for itself and all behind it. */
export const LAST_PLACE = 0x7f

/** A token's rows in a segment, and its place in each of them. */
export interface PlacedToken {
  /** A posting list. */
  readonly postings: Uint8Array
  /** Places in the format of this file; undefined: they are not known. */
  readonly places: Uint8Array | undefined
}

/** What places say of a phrase in one row. */
export const PHRASE_VERDICTS = {
  absent: 0,
  /** The text must be looked at. */
  unsure: 1,
  present: 2,
} as const

/**
 * Makes the test whether tokens stand one behind the other, in their order, in a row that has all of them.
 *
 * @param tokens - The tokens of the phrase, in its order; a token that it has twice is given twice.
 * @param rowCount - Rows of the segment.
 * @returns Gives one of `PHRASE_VERDICTS` for a row; undefined when some token's places are not known.
 */
export function placePhrase(
  tokens: readonly PlacedToken[],
  rowCount: number,
): ((row: number) => number) | undefined {
  const placesByToken: Uint8Array[] = []
  for (const { postings, places } of tokens) {
    if (!places) return undefined
    placesByToken.push(places.length === 1 ? places : spreadPlaces(postings, places, rowCount))
  }
  const judge = (row: number): number => judgePlaces(placesByToken, row)
  if (placesByToken.some(({ length }) => length > 1)) return judge
  const verdict = judge(0)
  return () => verdict
}

/** @param placesByToken - Of each token its place in each row, or the one that it has in all. */
function judgePlaces(placesByToken: readonly Uint8Array[], row: number): number {
  let first = 0
  let isUnsure = false
  let follows = true
  for (let i = 0; i < placesByToken.length; i++) {
    const places = placesByToken[i]!
    const packed = places.length === 1 ? places[0]! : places[row]!
    const place = packed & LAST_PLACE
    if (i === 0) first = place
    if (packed >= MORE_PLACES || place === LAST_PLACE) isUnsure = true
    if (place !== first + i || place === LAST_PLACE) follows = false
  }
  if (follows) return PHRASE_VERDICTS.present
  return isUnsure ? PHRASE_VERDICTS.unsure : PHRASE_VERDICTS.absent
}

/** The place in each row of the segment; rows without the token have any. */
function spreadPlaces(postings: Uint8Array, places: Uint8Array, rowCount: number): Uint8Array {
  const spread = new Uint8Array(rowCount)
  let at = 0
  forEachRun(postings, 0, (start, end) => {
    for (let row = start; row < end; row++) spread[row] = places[at++]!
  })
  return spread
}
