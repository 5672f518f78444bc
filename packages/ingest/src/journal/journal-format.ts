import { Buffer } from 'node:buffer'
import { MAX_ROW_BYTES } from '../batch/limits.ts'
import type { ByteSource, PeekableSource } from '../containers/byte-source.ts'
import type { BinaryFormat, EvidencePiece, EvidencePlan } from '../pipeline/evidence-plan.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'
import { STRETCH_BYTES } from '../pipeline/split-stretches.ts'
import { applyUserMap } from '../schemas/apply-user-map.ts'
import { JOURNAL_ALIASES, JOURNAL_CONSTANTS } from '../schemas/journal-names.ts'
import { timeField } from '../schemas/schema.ts'
import { EXPORT_HEAD_BYTES, findEntry, isExport } from './walk-entries.ts'

const WRITTEN = timeField('datetime', 'Content Modification Time', { format: 'iso' })
const SENT = timeField('_SOURCE_REALTIME_TIMESTAMP', 'Recorded Time', { format: 'epoch-us' })

/** What `journalctl -o export` writes: no text, since values may be any bytes. */
export const JOURNAL_FORMAT: BinaryFormat = {
  name: 'journal-export',
  title: "systemd's journal (journalctl -o export)",
  recognisedBy: '"__CURSOR=", "__REALTIME_TIMESTAMP=" or another of its own fields at its beginning',
  headBytes: EXPORT_HEAD_BYTES,
  matches: isExport,
  plan: async (_path, source, options) => planJournal(source, options),
}

function planJournal(source: PeekableSource, options: ReadOptions): EvidencePlan {
  const mapping = applyUserMap(
    {
      schema: 'journal-export',
      times: [WRITTEN],
      allTimes: [WRITTEN, SENT],
      messageField: 'message',
      timeZone: 'UTC',
      dayFirst: undefined,
      profile: {
        aliases: JOURNAL_ALIASES,
        constants: { ...JOURNAL_CONSTANTS, timestamp_desc: WRITTEN.description },
      },
      reason: "is an export of systemd's journal; the time is __REALTIME_TIMESTAMP",
    },
    options.map,
  )
  return {
    format: JOURNAL_FORMAT.name,
    reasons: [mapping.reason],
    mapping,
    settings: {
      format: { kind: 'journal' },
      mapping,
      times: options.times ?? 'first',
      ...(options.maxRows === undefined ? {} : { maxRows: options.maxRows }),
    },
    pieces: splitEntries(source, options.stretchBytes ?? STRETCH_BYTES),
    source,
    hasLines: false,
    describeNotes: () => [],
  }
}

/** Cuts an export behind whole entries; a piece's first number is that of its first entry, from 1. */
async function* splitEntries(source: ByteSource, stretchBytes: number): AsyncGenerator<EvidencePiece> {
  let wanted = stretchBytes
  let buffer = Buffer.from(new ArrayBuffer(wanted))
  let used = 0
  let number = 1
  for (;;) {
    let isLast = false
    while (!isLast && used < wanted) {
      const size = await source.read(buffer, used)
      if (size === 0) isLast = true
      used += size
    }
    const { end, count } = isLast ? { end: used, count: 0 } : findLastEntry(buffer.subarray(0, used))
    if (end === 0 && !isLast && used < MAX_ROW_BYTES) {
      wanted = Math.min(buffer.length * 2, MAX_ROW_BYTES)
      const larger = Buffer.from(new ArrayBuffer(wanted))
      buffer.copy(larger, 0, 0, used)
      buffer = larger
      continue
    }
    // An entry of more than a row may have is cut, and told as damage by whoever reads it.
    const cut = end === 0 ? used : end
    const next = Buffer.from(new ArrayBuffer(Math.max(stretchBytes, used - cut)))
    const rest = buffer.copy(next, 0, cut, used)
    if (cut > 0) {
      const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, cut)
      yield { kind: 'stretch', bytes, startLine: number, place: 'top', isLast: isLast || end === 0 }
    }
    if (isLast) return
    number += Math.max(count, 1)
    buffer = next
    used = rest
    wanted = Math.max(stretchBytes, rest)
  }
}

function findLastEntry(bytes: Buffer): { readonly end: number; readonly count: number } {
  let end = 0
  let count = 0
  for (;;) {
    const entry = findEntry(bytes, end)
    // What is damaged up to the end of the bytes may go on behind it.
    if (entry === undefined || entry.isOpen || (entry.damage !== undefined && entry.end === bytes.length))
      return { end, count }
    end = entry.end
    count++
  }
}
