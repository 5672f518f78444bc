import { Buffer } from 'node:buffer'
import { MAX_REJECT_TEXT, MAX_ROW_BYTES } from '../batch/limits.ts'
import { makeTextKernel, type TextKernel } from '../batch/text-kernel.ts'
import { type ByteSource, enlarge } from '../containers/byte-source.ts'
import { CR, LF } from '../csv/csv-dialect.ts'
import { findCsvSplit, findLineSplit } from '../csv/csv-split.ts'
import { enclosesRows } from '../csv/enclosed-rows.ts'
import { countLines, type JsonPlace, JsonWalker } from '../json/json-walker.ts'
import type { LogCarry } from '../logs/core/log-format.ts'
import { createLogCutter } from '../logs/core/split-log.ts'
import type { EvidencePiece } from './evidence-plan.ts'
import type { TextFormat } from './stretch.ts'
import type { StretchBuffers } from './stretch-buffers.ts'

/** Bytes of a stretch, unless a single row is longer. */
export const STRETCH_BYTES: number = 16 * 1024 * 1024

/**
 * Cuts a text between rows into pieces that can be read by themselves, in any thread, with exact line numbers.
 *
 * @param source - UTF-8 without byte order mark.
 * @param skipBytes - Bytes in front that hold no rows (a CSV header), at most the first stretch.
 * @param stretchBytes - Wanted size of a piece.
 * @param maxRowBytes - How much is looked at for the end of one row, and so how far a quote is waited to be closed.
 * @param buffers - Memory for all stretches but the first. @default memory of their own
 */
export async function* splitStretches(
  source: ByteSource,
  format: TextFormat,
  skipBytes = 0,
  stretchBytes: number = STRETCH_BYTES,
  maxRowBytes: number = MAX_ROW_BYTES,
  buffers?: StretchBuffers,
): AsyncGenerator<EvidencePiece> {
  const cutter = createCutter(format, stretchBytes)
  const lineEnd = format.kind === 'csv' && format.dialect.lineEnd === 'cr' ? CR : LF
  let wanted = Math.max(stretchBytes, skipBytes * 2)
  let buffer: Buffer = Buffer.from(new ArrayBuffer(0))
  let used = 0
  let line = 1
  let toSkip = skipBytes
  let isEnd = false
  let isPassing = false
  for (;;) {
    while (!isEnd && used < wanted) {
      if (used === buffer.length) buffer = enlarge(buffer, wanted)
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
    const { place, carried } = cutter
    const text = buffer.subarray(start, used)
    let { end, lines } = cutter.cut(text, isEnd)
    if (end === 0 && !isEnd && text.length >= maxRowBytes) {
      end = cutter.findStrayLine(text)
      lines = 1
    }
    if (end === 0 && !isEnd && text.length >= maxRowBytes) {
      const raw = text.toString('utf8', 0, MAX_REJECT_TEXT)
      const detail = `expected at most ${maxRowBytes} bytes (MAX_ROW_BYTES), found more; passed over up to the next line`
      yield { kind: 'reject', reject: { line, reason: 'row-too-large', detail, raw } }
      cutter.reset()
      isPassing = true
      line += countBytes(text, 0, text.length, lineEnd)
      used = 0
      continue
    }
    if (end === 0 && !isEnd) {
      wanted = start > 0 ? buffer.length : Math.min(buffer.length * 2, maxRowBytes + stretchBytes)
      const larger = Buffer.from(new ArrayBuffer(wanted))
      used = text.copy(larger)
      giveBack(buffer, buffers)
      buffer = larger
      continue
    }
    const isLast = isEnd && end === text.length
    const rest = buffer.subarray(start + end, used)
    const next = isLast ? buffer : makeBuffer(Math.max(stretchBytes, rest.length), buffers)
    const restSize = isLast ? 0 : rest.copy(next)
    if (end > 0) {
      const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + start, end)
      const carry = carried === undefined ? {} : { carried }
      yield { kind: 'stretch', bytes, startLine: line, place, isLast, ...carry }
    } else giveBack(buffer, buffers)
    if (isLast) return
    line += lines
    wanted = stretchBytes
    buffer = next
    used = restSize
  }
}

function makeBuffer(sizeBytes: number, buffers: StretchBuffers | undefined): Buffer {
  return Buffer.from(buffers?.take(sizeBytes) ?? new ArrayBuffer(sizeBytes))
}

function giveBack({ buffer }: Buffer, buffers: StretchBuffers | undefined): void {
  if (buffer instanceof SharedArrayBuffer) buffers?.giveBack(buffer)
}

/** Finds the places between rows. */
interface Cutter {
  /** Where the next stretch begins in the layout. */
  readonly place: JsonPlace
  /** What is to be known in the next stretch of what was before it, where anything is. */
  readonly carried?: LogCarry
  /**
   * A place between rows, the last one or one behind so many rows that batches are full, and the lines in front of it; 0
   * when there is none yet. What is behind it comes again, in front of more.
   *
   * @param isEnd - Nothing follows: the end of the text is a place between rows.
   */
  cut(text: Buffer, isEnd: boolean): { readonly end: number; readonly lines: number }
  /** Where the first line ends, when it is the only one that keeps the text from being cut; else 0. */
  findStrayLine(text: Buffer): number
  /** Forgets a row that was given up. */
  reset(): void
}

function createCutter(format: TextFormat, stretchBytes: number): Cutter {
  const findStrayLine = (): number => 0
  switch (format.kind) {
    case 'lines':
      return {
        place: 'top',
        cut: (text, isEnd) => (isEnd ? takeAll(text, LF) : findLineSplit(text, LF)),
        findStrayLine,
        reset() {},
      }
    case 'csv': {
      const { dialect, columns } = format
      const columnCount = columns.length
      const lineEnd = dialect.lineEnd === 'lf' ? LF : CR
      // Made when it is needed: most texts are one stretch, and are never cut.
      let kernel: TextKernel | undefined
      return {
        place: 'top',
        cut(text, isEnd) {
          if (isEnd && text.length <= stretchBytes) return takeAll(text, lineEnd)
          kernel ??= makeTextKernel()
          const options = { columnCount, kernel }
          // More than a stretch is only there because a row was not complete in one.
          const split = findCsvSplit(text.subarray(0, stretchBytes), dialect, options)
          if (split.end > 0 || text.length <= stretchBytes) return split
          return findCsvSplit(text, dialect, { ...options, isLast: isEnd })
        },
        findStrayLine(text) {
          const end = text.indexOf(lineEnd) + 1
          return end > 0 && enclosesRows(text, end, text.length, dialect, columnCount) ? end : 0
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
        cut(text, isEnd) {
          if (isEnd) return takeAll(text, LF)
          while (walker.next(text, false));
          const end = walker.position
          walker.shift(end)
          return { end, lines: countLines(text, 0, end) }
        },
        findStrayLine,
        reset() {
          walker = new JsonWalker(format.layout, walker.place)
        },
      }
    }
    case 'log':
      return createLogCutter(format)
    default:
      return format satisfies never
  }
}

function takeAll(text: Buffer, lineEnd: number): { readonly end: number; readonly lines: number } {
  return { end: text.length, lines: countBytes(text, 0, text.length, lineEnd) }
}

function countBytes(bytes: Buffer, start: number, end: number, wanted: number): number {
  if (wanted === LF) return countLines(bytes, start, end)
  let count = 0
  for (let at = bytes.indexOf(wanted, start); at >= 0 && at < end; at = bytes.indexOf(wanted, at + 1)) count++
  return count
}
