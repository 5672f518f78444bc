import { Buffer } from 'node:buffer'
import { type ByteSource, fillFrom, type PeekableSource, readUpTo } from '../containers/byte-source.ts'
import type { BinaryFormat, EvidencePiece, EvidencePlan } from '../pipeline/evidence-plan.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'
import { STRETCH_BYTES } from '../pipeline/split-stretches.ts'
import { applyUserMap } from '../schemas/apply-user-map.ts'
import { EVTX_ALIASES, EVTX_CONSTANTS } from '../schemas/evtx-aliases.ts'
import type { Mapping, TimeSource } from '../schemas/mapping.ts'
import { timeField } from '../schemas/schema.ts'
import { findFirstChunk, MAGIC_BYTES, placeOfChunk, readFileHeader } from './chunk/file-header.ts'
import { describeNotes } from './describe-notes.ts'
import type { EvtxLayout, EvtxNote } from './evtx-rows.ts'
import { CHUNK_BYTES } from './limits.ts'

const CREATED = timeField('TimeCreated_SystemTime', 'Creation Time', { format: 'iso' })
const WRITTEN = timeField('written_time', 'Content Modification Time', { format: 'iso' })

/** Times that Sysmon and the Security log have among their data. */
const MORE_TIMES: readonly TimeSource[] = [
  timeField('CreationUtcTime', 'File Creation Time', { tentative: 'text' }),
  timeField('PreviousCreationUtcTime', 'Previous File Creation Time', { tentative: 'text' }),
  timeField('PreviousTime', 'Time Before Change', { tentative: 'text' }),
  timeField('NewTime', 'Time After Change', { tentative: 'text' }),
]

/** Windows event logs (Vista and later). */
export const EVTX_FORMAT: BinaryFormat = {
  name: 'evtx',
  title: 'Windows event log (EVTX)',
  recognisedBy: '"ElfFile" at its beginning, or "ElfChnk" where the first chunk stands',
  headBytes: MAGIC_BYTES,
  matches: (head) => findFirstChunk(head) !== undefined,
  plan: planEvtx,
}

async function planEvtx(path: string, source: PeekableSource, options: ReadOptions): Promise<EvidencePlan> {
  const head = await source.peek(MAGIC_BYTES)
  const header = readFileHeader(head)
  const layout: EvtxLayout = {
    // `matches` has found it.
    firstChunkAt: findFirstChunk(head)!,
    carves: options.carve ?? false,
    keepsXml: options.keepXml ?? false,
  }
  const mapping = makeMapping(header === undefined ? 'no version' : `version ${header.version}`, options)
  return {
    format: EVTX_FORMAT.name,
    reasons: [mapping.reason],
    mapping,
    settings: {
      format: { kind: 'evtx', ...layout },
      mapping,
      times: options.times ?? 'first',
      ...(options.maxRows === undefined ? {} : { maxRows: options.maxRows }),
    },
    pieces: splitChunks(
      path,
      source,
      layout.firstChunkAt,
      header?.knownChunks ?? 0,
      options.stretchBytes ?? STRETCH_BYTES,
    ),
    source,
    hasLines: false,
    // They come from the format's own reader.
    describeNotes: (notes) => describeNotes(header, notes as readonly EvtxNote[]),
  }
}

function makeMapping(version: string, options: ReadOptions): Mapping {
  return applyUserMap(
    {
      schema: 'evtx',
      times: [CREATED, WRITTEN],
      allTimes: [CREATED, WRITTEN, ...MORE_TIMES],
      messageField: 'message',
      timeZone: 'UTC',
      dayFirst: undefined,
      profile: {
        aliases: { ...EVTX_ALIASES, message: 'RenderingInfo_Message' },
        constants: { ...EVTX_CONSTANTS, timestamp_desc: CREATED.description },
      },
      reason: `is a Windows event log (${version}); the time is SystemTime, or that of the record's header where there is none`,
    },
    options.map,
  )
}

/**
 * Cuts a log into pieces of whole chunks, in the order of the file. Chunks say nothing of one another, so pieces are read in any
 * thread. Chunks that the file's header knows of and that lie wholly behind its end are one loss; what a chunk that is cut lacks
 * its reader tells.
 *
 * @param knownChunks - Chunks that must be there.
 * @param stretchBytes - Wanted size of a piece; at least one chunk.
 */
async function* splitChunks(
  path: string,
  source: ByteSource,
  firstChunkAt: number,
  knownChunks: number,
  stretchBytes: number,
): AsyncGenerator<EvidencePiece> {
  const header = Buffer.alloc(firstChunkAt)
  const headerBytes = await fillFrom(source, header)
  if (headerBytes < firstChunkAt) {
    const detail = `expected ${firstChunkAt} bytes of header in ${path}, found the end of the file after ${headerBytes}`
    yield { kind: 'reject', reject: { line: 0, reason: 'truncated', detail, raw: '' } }
    return
  }
  const pieceBytes = Math.max(1, Math.floor(stretchBytes / CHUNK_BYTES)) * CHUNK_BYTES
  for (let chunk = 0; ; chunk += pieceBytes / CHUNK_BYTES) {
    const bytes = await readUpTo(source, pieceBytes)
    // Whoever takes the piece may give its memory away: nothing is asked of it afterwards.
    const length = bytes.length
    const isLast = length < pieceBytes
    if (length > 0) {
      yield {
        kind: 'stretch',
        bytes: new Uint8Array(bytes.buffer, 0, length),
        startLine: chunk,
        place: 'top',
        isLast,
      }
    }
    if (!isLast) continue
    const found = chunk + Math.ceil(length / CHUNK_BYTES)
    if (found < knownChunks) {
      const end = placeOfChunk(chunk, firstChunkAt) + length
      const detail = `expected as many chunks in ${path} as the header of the closed log says (${knownChunks}), found the end of the file in the place of chunk ${found + 1}, at offset ${end}`
      yield { kind: 'reject', reject: { line: 0, reason: 'truncated', detail, raw: '' } }
    }
    return
  }
}
