import { Buffer } from 'node:buffer'
import type { Reject } from '@timeskein/model'
import { MAX_REJECT_TEXT, MAX_ROW_BYTES } from '../batch/limits.ts'
import { makeTextKernel, type TextKernel } from '../batch/text-kernel.ts'
import type { ByteSource } from '../containers/byte-source.ts'
import { findCsvSplit, findLineSplit } from '../csv/csv-split.ts'
import { countLines, type JsonPlace, JsonWalker } from '../json/json-walker.ts'
import type { RowFormat, StretchJob } from './stretch.ts'

/** A piece of a text: whole rows, or the note that one was too long to be taken in. */
export type TextPiece =
  | ({ readonly kind: 'stretch' } & Pick<StretchJob, 'bytes' | 'startLine' | 'place' | 'isLast'>)
  | { readonly kind: 'too-large'; readonly reject: Reject }

/** Bytes of a stretch, unless a single row is longer. */
export const STRETCH_BYTES: number = 16 * 1024 * 1024

/**
 * Cuts a text between rows into pieces that can be read by themselves, in any thread, with exact line numbers.
 *
 * @param source - UTF-8 without byte order mark.
 * @param skipBytes - Bytes in front that hold no rows (a CSV header), at most the first stretch.
 * @param stretchBytes - Wanted size of a piece.
 */
export async function* splitStretches(
  source: ByteSource,
  format: RowFormat,
  skipBytes = 0,
  stretchBytes: number = STRETCH_BYTES,
): AsyncGenerator<TextPiece> {
  const cutter = createCutter(format)
  const lineEnd = format.kind === 'csv' && format.dialect.lineEnd === 'cr' ? 0x0d : 0x0a
  let buffer = Buffer.from(new ArrayBuffer(Math.max(stretchBytes, skipBytes * 2)))
  let used = 0
  let line = 1
  let toSkip = skipBytes
  let isEnd = false
  let isPassing = false
  for (;;) {
    while (!isEnd && used < buffer.length) {
      const size = await source.read(buffer, used)
      if (size === 0) isEnd = true
      used += size
    }
    let start = 0
    if (toSkip > 0) {
      start = Math.min(toSkip, used)
      line += countBytes(buffer, 0, start, lineEnd)
      toSkip = 0
    }
    if (isPassing) {
      const found = buffer.subarray(0, used).indexOf(lineEnd, start)
      start = found < 0 ? used : found + 1
      if (found >= 0) {
        line++
        isPassing = false
      }
    }
    const place = cutter.place
    const text = buffer.subarray(start, used)
    const { end, lines } = isEnd
      ? { end: text.length, lines: countBytes(text, 0, text.length, lineEnd) }
      : cutter.cut(text)
    const rest = buffer.subarray(start + end, used)
    if (end === 0 && !isEnd && text.length >= MAX_ROW_BYTES) {
      const raw = text.toString('utf8', 0, MAX_REJECT_TEXT)
      const detail = `expected at most ${MAX_ROW_BYTES} bytes (MAX_ROW_BYTES), found more; passed over up to the next line`
      yield { kind: 'too-large', reject: { line, reason: 'row-too-large', detail, raw } }
      cutter.reset()
      isPassing = true
      line += countBytes(text, 0, text.length, lineEnd)
      used = 0
      continue
    }
    if (end === 0 && !isEnd) {
      const size = start > 0 ? buffer.length : Math.min(buffer.length * 2, MAX_ROW_BYTES + stretchBytes)
      const larger = Buffer.from(new ArrayBuffer(size))
      used = text.copy(larger)
      buffer = larger
      continue
    }
    const next = isEnd
      ? buffer
      : Buffer.from(new ArrayBuffer(stretchBytes > rest.length ? stretchBytes : rest.length * 2))
    const restSize = isEnd ? 0 : rest.copy(next)
    if (end > 0) {
      const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + start, end)
      yield { kind: 'stretch', bytes, startLine: line, place, isLast: isEnd }
    }
    if (isEnd) return
    line += lines
    buffer = next
    used = restSize
  }
}

/** Finds the places between rows. */
interface Cutter {
  /** Where the next stretch begins in the layout. */
  readonly place: JsonPlace
  /**
   * A place between rows, the last one or one behind so many rows that batches are full, and the lines in front of it; 0
   * when there is none yet. What is behind it comes again, in front of more.
   */
  cut(text: Buffer): { readonly end: number; readonly lines: number }
  /** Forgets a row that was given up. */
  reset(): void
}

function createCutter(format: RowFormat): Cutter {
  switch (format.kind) {
    case 'lines':
      return { place: 'top', cut: (text) => findLineSplit(text, 0x0a), reset: () => {} }
    case 'csv': {
      const columnCount = format.columns.length
      // Made when it is needed: most texts are one stretch, and are never cut.
      let kernel: TextKernel | undefined
      return {
        place: 'top',
        cut(text) {
          kernel ??= makeTextKernel()
          return findCsvSplit(text, format.dialect, { columnCount, kernel })
        },
        reset() {},
      }
    }
    case 'json': {
      let walker = new JsonWalker(format.layout)
      return {
        get place() {
          return walker.place
        },
        cut(text) {
          while (walker.next(text, false));
          const end = walker.position
          walker.shift(end)
          return { end, lines: countLines(text, 0, end) }
        },
        reset() {
          walker = new JsonWalker(format.layout, walker.place)
        },
      }
    }
    default:
      return format satisfies never
  }
}

function countBytes(bytes: Buffer, start: number, end: number, wanted: number): number {
  if (wanted === 0x0a) return countLines(bytes, start, end)
  let count = 0
  for (let at = bytes.indexOf(wanted, start); at >= 0 && at < end; at = bytes.indexOf(wanted, at + 1)) count++
  return count
}
