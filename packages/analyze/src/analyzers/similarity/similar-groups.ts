/** How signatures are cut into bands: 25 of 5 numbers each find what is at least half alike, mostly (MinHash LSH of 128 permutations). */
const BANDS = 25
const ROWS = 5

/** Comparisons after which the work is given up. */
const MAX_COMPARISONS = 5_000_000_000
/** Comparisons between two looks at whether somebody wants it to end. */
const COMPARISONS_A_TURN = 20_000_000

/** Too much of it is alike to be counted one by one. */
export class TooManyComparisons extends Error {
  override readonly name = 'TooManyComparisons'
}

/**
 * Counts for texts how many others are like them, by the words that they have in common. Texts of the same words are kept once, so that memory
 * goes by how many different ones there are: about 120 bytes each.
 */
export class SimilarTexts {
  readonly #places = new Map<string, number>()
  readonly #counts: number[] = []
  readonly #bands: Uint32Array[] = []
  #total = 0

  /** Texts that were added. */
  get total(): number {
    return this.#total
  }

  /** Different texts among them. */
  get size(): number {
    return this.#counts.length
  }

  /** Adds a text by its words. */
  add(words: readonly string[]): void {
    this.#total += 1
    const hashes = hashesOf(words)
    const key = keyOf(hashes)
    const known = this.#places.get(key)
    if (known !== undefined) {
      this.#counts[known]! += 1
      return
    }
    this.#places.set(key, this.#counts.length)
    this.#counts.push(1)
    this.#bands.push(bandsOf(hashes))
  }

  /** The place in what `countNeighbours` answers of a text that was added. */
  placeOf(words: readonly string[]): number | undefined {
    return this.#places.get(keyOf(hashesOf(words)))
  }

  /**
   * How many of all texts, itself included, each different text is like.
   *
   * @param breathe - Called now and then; what it throws ends the work.
   * @throws {TooManyComparisons}
   */
  async countNeighbours(breathe: () => Promise<void>): Promise<Float64Array> {
    const buckets = Array.from({ length: BANDS }, (_, band) => {
      const byHash = new Map<number, number[]>()
      for (const [place, bands] of this.#bands.entries()) {
        const bucket = byHash.get(bands[band]!)
        if (bucket) bucket.push(place)
        else byHash.set(bands[band]!, [place])
      }
      return byHash
    })
    const neighbours = new Float64Array(this.size)
    const seenBy = new Int32Array(this.size).fill(-1)
    let comparisons = 0
    let turn = 0
    for (const [place, bands] of this.#bands.entries()) {
      let sum = 0
      for (let band = 0; band < BANDS; band++) {
        const bucket = buckets[band]!.get(bands[band]!)!
        comparisons += bucket.length
        turn += bucket.length
        for (const other of bucket) {
          if (seenBy[other] === place) continue
          seenBy[other] = place
          sum += this.#counts[other]!
        }
      }
      neighbours[place] = sum
      if (comparisons > MAX_COMPARISONS)
        throw new TooManyComparisons(
          `${this.size} different texts are too much alike to be compared: more than ${MAX_COMPARISONS} comparisons`,
        )
      if (turn > COMPARISONS_A_TURN) {
        turn = 0
        await breathe()
      }
    }
    return neighbours
  }
}

/** The different words, in an order of their own. */
function hashesOf(words: readonly string[]): Uint32Array {
  return Uint32Array.from(new Set(words.map(hashWord))).sort()
}

/** 64 bits that stand for a set of words. */
function keyOf(hashes: Uint32Array): string {
  let first = 0
  let second = 0x9e37_79b9
  for (const hash of hashes) {
    first = mix(first ^ hash)
    second = mix((second + hash) >>> 0)
  }
  return `${first} ${second}`
}

/** One number for each band of a signature. */
function bandsOf(hashes: Uint32Array): Uint32Array {
  const bands = new Uint32Array(BANDS)
  for (let band = 0; band < BANDS; band++) {
    let mixed = band
    for (let row = 0; row < ROWS; row++) {
      const seed = SEEDS[band * ROWS + row]!
      let least = 0xffff_ffff
      for (const hash of hashes) least = Math.min(least, mix(hash ^ seed))
      mixed = mix(mixed ^ least)
    }
    bands[band] = mixed
  }
  return bands
}

/** Permutations of 32 bits, one for each number of a signature. */
const SEEDS = Uint32Array.from({ length: BANDS * ROWS }, (_, at) => mix((at + 1) * 0x9e37_79b9))

/** Mixes 32 bits so that each result has one origin (finalizer of MurmurHash3, by Austin Appleby, public domain). */
function mix(value: number): number {
  let hash = value >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** FNV-1a over UTF-16 units. */
function hashWord(word: string): number {
  let hash = 0x811c_9dc5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x0100_0193)
  return hash >>> 0
}
