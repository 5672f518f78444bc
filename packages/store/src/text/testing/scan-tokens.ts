import { readSectionSizes, TermHead } from '../terms/term-dictionary.ts'
import { findBlockRange, scanBlocks, type TermScan } from '../terms/term-scan.ts'

/** The tokens of packed terms that a scan wants, in their order. */
export function scanTokens(packed: Buffer, wanted: TermScan): string[] {
  const sizes = readSectionSizes(packed)
  const head = new TermHead(packed.subarray(0, sizes.head))
  const { first, end } = findBlockRange(head, wanted)
  if (first >= end) return []
  const bytes = packed.subarray(sizes.head + head.blockStarts[first]!, sizes.head + head.blockStarts[end]!)
  const found: string[] = []
  scanBlocks(head, bytes, first, end, wanted, ({ tokenStarts }, token) => {
    found.push(bytes.toString('utf8', tokenStarts[token], tokenStarts[token + 1]! - 1))
  })
  return found
}
