import { tokenizeText } from '../tokens/standard-tokenizer.ts'

/**
 * True when the words stand in the text in their order, next to each other but for some moves: Lucene's phrase query.
 *
 * The moves of a match are how far its words lie apart beyond their places in the phrase: the largest less the smallest
 * difference between a word's position in the text and in the phrase. So two words changed about cost 2, and a word
 * between two words costs 1. A word that comes twice in the phrase needs two places in the text.
 *
 * @param text - One value of a field; the values of an array are asked one by one.
 * @param words - Tokens as `tokenizeText` gives them; no word stands in every text.
 * @param slop - Most moves, 0 for words next to each other in order.
 * @param prefix - Whether the last word may be the beginning of a token.
 */
export function matchesPhrase(
  text: string,
  words: readonly string[],
  slop: number,
  prefix: boolean,
): boolean {
  if (words.length === 0) return true
  const places = findPlaces(tokenizeText(text), words, prefix)
  if (places.some((list) => list.length === 0)) return false
  const candidates = slop === 0 ? places[0]! : listStarts(places)
  return candidates.some((start) => canPlace(words, places, start, slop))
}

/** Positions of each word of the phrase in the text, ascending. */
function findPlaces(tokens: readonly string[], words: readonly string[], prefix: boolean): number[][] {
  const last = words.length - 1
  const byWord = new Map<string, number[]>()
  for (const word of prefix ? words.slice(0, last) : words) byWord.set(word, [])
  const beginning = words[last]!
  const beginnings: number[] = []
  for (let position = 0; position < tokens.length; position++) {
    const token = tokens[position]!
    byWord.get(token)?.push(position)
    if (prefix && token.startsWith(beginning)) beginnings.push(position)
  }
  return words.map((word, i) => (prefix && i === last ? beginnings : byWord.get(word)!))
}

/** Every place that the phrase could be said to begin at: a word's position less its place in the phrase. */
function listStarts(places: readonly (readonly number[])[]): number[] {
  const starts = new Set<number>()
  for (const [place, positions] of places.entries())
    for (const position of positions) starts.add(position - place)
  return [...starts].sort((a, b) => a - b)
}

/** Whether every word has a place of its own from its place in the phrase at `start` on, `slop` further at most. */
function canPlace(
  words: readonly string[],
  places: readonly (readonly number[])[],
  start: number,
  slop: number,
): boolean {
  const taken = new Set<number>()
  for (let place = 0; place < words.length; place++) {
    const positions = places[place]!
    // Windows of equal words move to the right with their place, so the first free position is the right one.
    let at = lowerBound(positions, start + place)
    while (at < positions.length && taken.has(positions[at]!)) at++
    if (at === positions.length || positions[at]! > start + place + slop) return false
    taken.add(positions[at]!)
  }
  return true
}

function lowerBound(ascending: readonly number[], wanted: number): number {
  let from = 0
  let to = ascending.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (ascending[middle]! < wanted) from = middle + 1
    else to = middle
  }
  return from
}
