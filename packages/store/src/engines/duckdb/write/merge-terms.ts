import { TermPacker } from '../../../text/terms/packed-terms.ts'
import { encodePostings, forEachPosting } from '../../../text/terms/postings.ts'
import { listTerms, type TermVisit } from '../../../text/terms/term-dictionary.ts'
import type { IndexFile } from '../index-file.ts'
import type { StoredSegment } from '../snapshot.ts'
import { readFieldNumber } from '../sources/field-numbers.ts'

/** A word index with the index's own numbers of its fields. */
export interface MergedTerms {
  readonly fieldIds: Uint32Array<ArrayBuffer>
  readonly packed: Uint8Array
}

/** One segment's words while they are gone through. */
interface Source {
  /** First row of the segment, counted in the merged one. */
  readonly base: number
  /** Numbers in the merged index of the segment's own field numbers; undefined for views that are left out. */
  readonly fields: readonly (number | undefined)[]
  readonly terms: Iterator<TermVisit, void, undefined>
  at: TermVisit
}

/** Makes one word index of those of neighbouring segments, in the order of their rows. */
export async function mergeTerms(index: IndexFile, run: readonly StoredSegment[]): Promise<MergedTerms> {
  const numbers = new Map<number, number>()
  const numberOf = (id: number): number => {
    const known = numbers.get(id) ?? numbers.size
    numbers.set(id, known)
    return known
  }
  const sources: Source[] = []
  for (const segment of run) {
    const { fieldIds, packed } = await index.readTerms(segment.place)
    // A merged segment has neither whole values nor places (docs/formats.md, section 3).
    const fields = Array.from(fieldIds, (number) =>
      readFieldNumber(number).view === 'words' ? numberOf(number) : undefined,
    )
    const terms = listTerms(packed)[Symbol.iterator]()
    const first = terms.next()
    if (!first.done)
      sources.push({ base: segment.firstSeq - run[0]!.firstSeq, fields, terms, at: first.value })
  }
  return { packed: packAll(sources), fieldIds: Uint32Array.from(numbers.keys()) }
}

function packAll(sources: Source[]): Uint8Array {
  const packer = new TermPacker()
  while (sources.length > 0) {
    const token = leastToken(sources)
    const rowsByField = new Map<number, number[]>()
    for (const source of sources) {
      if (!source.at.token.equals(token)) continue
      for (const [i, postings] of source.at.postings.entries()) {
        const field = source.fields[source.at.fields[i]!]
        if (field === undefined) continue
        const rows = rowsByField.get(field) ?? []
        rowsByField.set(field, rows)
        forEachPosting(postings, source.base, (row) => rows.push(row))
      }
    }
    if (rowsByField.size > 0) packer.addToken(token, 0, token.length)
    for (const [field, rows] of [...rowsByField].sort(([a], [b]) => a - b)) {
      const postings = encodePostings(Uint32Array.from(rows))
      packer.addPostings(field, postings, 0, postings.length)
    }
    advance(sources, token)
  }
  return packer.finish()
}

function leastToken(sources: readonly Source[]): Buffer {
  let least = sources[0]!.at.token
  for (const { at } of sources) if (at.token.compare(least) < 0) least = at.token
  return least
}

/** Moves the sources that stand at a token on; takes out those that have come to their end. */
function advance(sources: Source[], token: Buffer): void {
  for (let i = sources.length - 1; i >= 0; i--) {
    const source = sources[i]!
    if (!source.at.token.equals(token)) continue
    const next = source.terms.next()
    if (next.done) sources.splice(i, 1)
    else source.at = next.value
  }
}
