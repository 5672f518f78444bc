import type { SourceBytes } from '@timeskein/store'

/** A part without letters of texts that are looked for in whole blocks of sources: nothing does it faster. */
export interface Anchor {
  readonly text: string
  readonly bytes: Buffer
  /** The search stops at each place that ends, or else begins, as the part does. */
  readonly isFromEnd: boolean
}

/** Shorter parts stand nearly everywhere. */
const MIN_LENGTH = 2
/** Signs that JSON, times and paths are full of, the most frequent first; all others are rare. */
const FREQUENT_SIGNS = '\\":0123456789 .,-_=()/\''

/**
 * Chooses anchors for each of some pieces of text, which may share them: first a pair of rare signs that many of the pieces have, so
 * that few searches do for all of them, then the longest part of the piece itself. What lacks one of a piece's anchors lacks the piece.
 *
 * @param pieces - In lower case, as they stand in sources but for the case of letters.
 */
export function chooseAnchors(pieces: readonly string[]): readonly (readonly Anchor[])[] {
  const known = new Map<string, Anchor>()
  const make = (text: string): Anchor => {
    const anchor = known.get(text) ?? {
      text,
      bytes: Buffer.from(text),
      isFromEnd: rarityOf(text.at(-1)!) > rarityOf(text[0]!),
    }
    known.set(text, anchor)
    return anchor
  }
  const shared = choosePairs(pieces)
  return pieces.map((piece, at) => {
    const own = readOwn(piece)
    return [...new Set([shared[at], own])].filter((text) => text !== undefined).map(make)
  })
}

/** Whether an anchor stands anywhere in a block. */
export function holdsAnchor(
  { bytes, offsets }: SourceBytes,
  anchor: Pick<Anchor, 'bytes' | 'isFromEnd'>,
): boolean {
  if (anchor.isFromEnd) return bytes.lastIndexOf(anchor.bytes) >= offsets[0]!
  return bytes.indexOf(anchor.bytes, offsets[0]) >= 0
}

/** The longest part without letters, cut so that it begins or ends with its rarest sign. */
function readOwn(piece: string): string | undefined {
  const parts = piece.split(/[a-z]+/)
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best), '')
  if (longest.length < MIN_LENGTH) return undefined
  const rarest = [...Array(longest.length).keys()].reduce((best, at) =>
    rarityOf(longest[at]!) > rarityOf(longest[best]!) ? at : best,
  )
  const [from, until] = [longest.slice(rarest), longest.slice(0, rarest + 1)]
  return from.length >= until.length ? from : until
}

/** Of pieces that share one a pair of signs, one of them rare: the pair that most have, then the rarest of those. */
function choosePairs(pieces: readonly string[]): readonly (string | undefined)[] {
  const pairs = pieces.map(
    (piece) => new Set(Array.from(piece, (_, at) => piece.slice(at, at + 2)).filter(isRarePair)),
  )
  const chosen = new Array<string | undefined>(pieces.length).fill(undefined)
  for (;;) {
    const counts = new Map<string, number>()
    for (const [at, some] of pairs.entries())
      if (chosen[at] === undefined) for (const pair of some) counts.set(pair, (counts.get(pair) ?? 0) + 1)
    const [best] = [...counts].reduce(preferPair, ['', 1] as const)
    if (best === '') return chosen
    for (const [at, some] of pairs.entries())
      if (chosen[at] === undefined && some.has(best)) chosen[at] = best
  }
}

type CountedPair = readonly [pair: string, count: number]

function preferPair(best: CountedPair, one: CountedPair): CountedPair {
  const isRarer = rarityOf(one[0][0]!) + rarityOf(one[0][1]!) > rarityOf(best[0][0]!) + rarityOf(best[0][1]!)
  return one[1] > best[1] || (one[1] === best[1] && one[1] > 1 && isRarer) ? one : best
}

function isRarePair(text: string): boolean {
  return /^[^a-z]{2}$/.test(text) && [...text].some((sign) => !FREQUENT_SIGNS.includes(sign))
}

function rarityOf(sign: string): number {
  const place = FREQUENT_SIGNS.indexOf(sign)
  return place < 0 ? FREQUENT_SIGNS.length : place
}
