import { Buffer } from 'node:buffer'
import { formatIsoTime, type Reject } from '@timeskein/model'
import type { PeekableSource } from '../../containers/byte-source.ts'
import type { EvidencePiece, EvidencePlan } from '../../pipeline/evidence-plan.ts'
import type { ReadOptions } from '../../pipeline/read-options.ts'
import { applyUserMap } from '../../schemas/apply-user-map.ts'
import { timeField } from '../../schemas/schema.ts'
import type { LostRows } from '../../sqlite/scan-rows.ts'
import type { BrowserKind, BrowserRecord } from './browser-kind.ts'
import type { SqliteTables } from './sqlite-tables.ts'

/** Bytes of JSON lines that are handed to a thread at once. */
const PIECE_BYTES: number = 2 * 1024 * 1024

/**
 * How a browser's database is read: its records become JSON lines here, and events wherever lines are read.
 *
 * @param inside - Where it stands in its collection: each event says so.
 */
export function planBrowser(
  kind: BrowserKind,
  tables: SqliteTables,
  source: PeekableSource,
  options: ReadOptions,
  { remarks, inside }: { readonly remarks: readonly string[]; readonly inside: string | undefined },
): EvidencePlan {
  const time = timeField('datetime', 'Last Visited Time', { format: 'iso' })
  const mapping = applyUserMap(
    {
      schema: kind.name,
      times: [time],
      allTimes: [time],
      messageField: 'message',
      timeZone: 'UTC',
      dayFirst: undefined,
      profile: { aliases: {}, constants: { source_short: 'WEBHIST', source_long: kind.sourceLong } },
      reason: `is known as ${kind.title}, by ${kind.recognisedBy}`,
    },
    options.map,
  )
  return {
    format: kind.name,
    reasons: [mapping.reason],
    mapping,
    settings: {
      format: { kind: 'lines' },
      mapping,
      times: options.times ?? 'first',
      ...(options.maxRows === undefined ? {} : { maxRows: options.maxRows }),
    },
    pieces: writePieces(kind, tables, inside, Math.min(options.stretchBytes ?? PIECE_BYTES, PIECE_BYTES)),
    source,
    hasLines: false,
    describeNotes: () => remarks,
  }
}

/** JSON lines of all events, numbered from 1 in the order in which the tables are read. */
async function* writePieces(
  kind: BrowserKind,
  tables: SqliteTables,
  inside: string | undefined,
  pieceBytes: number,
): AsyncGenerator<EvidencePiece> {
  let lines: string[] = []
  let size = 0
  let first = 1
  const take = (isLast: boolean): EvidencePiece => {
    const text = Buffer.from(lines.join('\n'))
    const bytes = new Uint8Array(text)
    const piece: EvidencePiece = { kind: 'stretch', bytes, startLine: first, place: 'top', isLast }
    first += lines.length
    lines = []
    size = 0
    return piece
  }
  for (const record of kind.read(tables)) {
    if (record.kind === 'lost') {
      yield { kind: 'reject', reject: describeLost(record) }
      continue
    }
    for (const line of writeEvents(record, inside)) {
      lines.push(line)
      size += line.length
    }
    if (size >= pieceBytes) yield take(false)
  }
  for (const lost of tables.lostInLookups) yield { kind: 'reject', reject: describeLost(lost) }
  yield take(true)
}

/** One event for each different time of a record; a record without any is told, and rejected where it is read. */
function* writeEvents(
  { rowid, dataType, fields, message, moments }: BrowserRecord,
  inside: string | undefined,
): Generator<string> {
  const byTime = new Map<bigint, string[]>()
  for (const { description, us } of moments) {
    if (us === undefined) continue
    const known = byTime.get(us)
    if (known) known.push(description)
    else byTime.set(us, [description])
  }
  const rest = { data_type: dataType, ...fields, offset: String(rowid), message, display_name: inside }
  if (byTime.size === 0) yield JSON.stringify(rest)
  for (const [us, descriptions] of byTime)
    yield JSON.stringify({
      datetime: formatIsoTime(us),
      timestamp_desc: descriptions.join('; '),
      ...rest,
    })
}

function describeLost({ table, after, before, problem }: LostRows): Reject {
  const start = after === undefined ? 'from the first one on' : `behind number ${after}`
  const end = before === undefined ? '' : ` and before number ${before}`
  const detail = `rows of the table ${table} ${start}${end} could not be read: ${problem}`
  return { line: 0, reason: 'bad-record', detail, raw: '' }
}
