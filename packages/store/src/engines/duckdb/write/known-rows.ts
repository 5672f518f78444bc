import type { EventBatch } from '@timeskein/model'
import type { ImportTarget } from '../../../event-store.ts'
import type { IndexFile } from '../index-file.ts'

type Rows = Pick<ImportTarget, 'timelineId' | 'profile' | 'tellApartBy'>

/**
 * The rows a timeline held before an import, by hash, to find those of the import that it has already.
 *
 * Rows are matched one to one: a row that stands twice in the import and once in the timeline is new once.
 *
 * Rows of equal hash form a chain, which is named by its first row and found by open addressing; what is matched is
 * taken off the chain.
 */
export class KnownRows {
  readonly #file: IndexFile
  readonly #seqs: Uint32Array
  readonly #hashes: Uint32Array
  /** Number of the chain plus one; 0 is free. */
  readonly #slots: Uint32Array
  readonly #mask: number
  /** By chain: its first and last row plus one; 0: none left. By row: the next of its chain plus one. */
  readonly #heads: Uint32Array
  readonly #tails: Uint32Array
  readonly #nexts: Uint32Array

  private constructor(file: IndexFile, seqs: Uint32Array, hashes: Uint32Array) {
    const count = seqs.length
    this.#file = file
    this.#seqs = seqs
    this.#hashes = hashes
    this.#heads = new Uint32Array(count)
    this.#tails = new Uint32Array(count)
    this.#nexts = new Uint32Array(count)
    let capacity = 16
    while (capacity < count * 2) capacity *= 2
    this.#slots = new Uint32Array(capacity)
    this.#mask = capacity - 1
    for (let known = 0; known < count; known++) {
      const slot = this.#findSlot(hashes[known * 2]!, hashes[known * 2 + 1]!)
      if (this.#slots[slot] === 0) this.#slots[slot] = known + 1
      this.#putBack(this.#slots[slot]! - 1, known)
    }
  }

  /** Reads the hashes of all rows of a timeline that an import's may be equal to. */
  static async load(file: IndexFile, { timelineId, profile, tellApartBy = [] }: Rows): Promise<KnownRows> {
    const segments = file.snapshot.segments.filter(
      (segment) =>
        segment.timelineId === timelineId &&
        tellApartBy.every((name) => segment.profile.constants[name] === profile.constants[name]),
    )
    let count = 0
    for (const segment of segments) count += segment.rowCount
    const seqs = new Uint32Array(count)
    const hashes = new BigUint64Array(count)
    let at = 0
    for (const segment of segments) {
      hashes.set(await file.readHashes(segment.place), at)
      for (let row = 0; row < segment.rowCount; row++) seqs[at++] = segment.firstSeq + row
    }
    return new KnownRows(file, seqs, new Uint32Array(hashes.buffer))
  }

  /** Rows of a batch, ascending, that the timeline does not have; those it has are matched and will not match again. */
  async findNewRows(batch: EventBatch, hashes: BigUint64Array): Promise<Uint32Array> {
    const lanes = new Uint32Array(hashes.buffer, hashes.byteOffset, hashes.length * 2)
    const fresh: number[] = []
    // For rows whose candidates so far had the same hash but other bytes: those candidates.
    const refused = new Map<number, Set<number>>()
    let open = Array.from({ length: batch.rowCount }, (_, row) => row)
    while (open.length > 0) {
      const matches: { readonly row: number; readonly known: number; readonly chain: number }[] = []
      const unmatched: { readonly row: number; readonly chain: number }[] = []
      for (const row of open) {
        const chain = this.#slots[this.#findSlot(lanes[row * 2]!, lanes[row * 2 + 1]!)]! - 1
        if (chain < 0) {
          fresh.push(row)
          continue
        }
        const known = this.#take(chain, refused.get(row))
        if (known === undefined) unmatched.push({ row, chain })
        else matches.push({ row, known, chain })
      }
      open = []
      const putBack = new Set<number>()
      const seqs = Uint32Array.from(matches, ({ known }) => this.#seqs[known]!)
      await this.#file.sources.visitRows(seqs, (at, block, rowInBlock) => {
        const { row, known, chain } = matches[at]!
        const { bytes, offsets } = batch.source
        const stored = block.bytes.subarray(block.offsets[rowInBlock]!, block.offsets[rowInBlock + 1]!)
        if (stored.equals(bytes.subarray(offsets[row]!, offsets[row + 1]!))) return
        this.#putBack(chain, known)
        putBack.add(chain)
        const others = refused.get(row)
        if (others) others.add(known)
        else refused.set(row, new Set([known]))
        open.push(row)
      })
      // What was put back may be the match of a row that found its chain empty.
      for (const { row, chain } of unmatched) {
        if (putBack.has(chain)) open.push(row)
        else fresh.push(row)
      }
      open.sort((a, b) => a - b)
    }
    return Uint32Array.from(fresh).sort()
  }

  /** Slot of a hash's chain, or the free one where it would stand. */
  #findSlot(low: number, high: number): number {
    let slot = low & this.#mask
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const chain = this.#slots[slot]! - 1
      if (this.#hashes[chain * 2] === low && this.#hashes[chain * 2 + 1] === high) break
    }
    return slot
  }

  /** Takes the first row off a chain that is not among the refused. */
  #take(chain: number, refused: ReadonlySet<number> | undefined): number | undefined {
    const last = this.#tails[chain]!
    while (this.#heads[chain] !== 0) {
      const known = this.#heads[chain]! - 1
      this.#heads[chain] = this.#nexts[known]!
      this.#nexts[known] = 0
      if (this.#heads[chain] === 0) this.#tails[chain] = 0
      if (!refused?.has(known)) return known
      this.#putBack(chain, known)
      if (known + 1 === last) return undefined
    }
    return undefined
  }

  #putBack(chain: number, known: number): void {
    const tail = this.#tails[chain]!
    if (tail === 0) this.#heads[chain] = known + 1
    else this.#nexts[tail - 1] = known + 1
    this.#tails[chain] = known + 1
  }
}
