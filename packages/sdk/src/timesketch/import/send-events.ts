import { isApiError } from '../../errors/api-error.ts'
import { ImportError } from '../../errors/import-error.ts'
import { stringifyExactJson } from '../../transport/exact-json.ts'
import { wasNeverSent } from '../../transport/retry.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { toTimeline } from '../timelines/timeline.ts'
import { readMeta, readObject } from '../wire/envelope.ts'
import { readOptionalText } from '../wire/record.ts'
import {
  type ImportAccount,
  type ImportCheckpoint,
  type ImportProgress,
  MAX_LISTED_REJECTS,
  type Reject,
} from './import-account.ts'
import { checkIndexName } from './index-name.ts'
import type { SourceRow } from './source-row.ts'
import { type EventRules, type ImportRow, type PreparedRules, prepareRules, toEvent } from './to-event.ts'

/** How events are sent. */
export interface SendOptions extends CallOptions, EventRules {
  /** The timeline's name; one of the sketch with it is gone on with. */
  readonly timeline: string
  /** Wanted or known index. @default the server chooses */
  readonly indexName?: string | undefined
  /** What sends. @default 'Timeskein SDK' */
  readonly provider?: string | undefined
  /** Where it comes from, for people. */
  readonly context?: string | undefined
  /** Timelines of one sketch with the same label share an index. @default 'jsonl' */
  readonly dataLabel?: string | undefined
  /** Most rows of one request. @default 50,000 */
  readonly chunkRows?: number | undefined
  /** About the most bytes of one request; a longer row goes alone. @default 16 MiB */
  readonly chunkBytes?: number | undefined
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
  /** Goes on where an import stopped; the source is read from its beginning again. */
  readonly resume?: ImportCheckpoint | undefined
}

const DEFAULT_PROVIDER = 'Timeskein SDK'
const DEFAULT_LABEL = 'jsonl'
const DEFAULT_CHUNK_ROWS = 50_000
const DEFAULT_CHUNK_BYTES = 16 * 1024 * 1024

/**
 * Sends rows as events, chunk after chunk; a chunk is never sent twice, because a server would store its events twice.
 *
 * @throws {ImportError} When a chunk fails, or the source amid its rows, with the checkpoint to go on from and the account of what was
 * settled. @throws {RangeError} Before anything is sent, when the message format is none, or names a field that the first row has not.
 */
export async function sendEvents(
  connection: Connection,
  sketchId: number,
  rows: AsyncIterable<SourceRow>,
  options: SendOptions,
): Promise<ImportAccount> {
  if (options.indexName !== undefined) checkIndexName(options.indexName)
  const rules = prepareRules(options)
  const { chunkRows = DEFAULT_CHUNK_ROWS, chunkBytes = DEFAULT_CHUNK_BYTES, resume } = options
  let checkpoint: ImportCheckpoint = resume ?? {
    rows: 0,
    timeline: options.timeline,
    timelineId: undefined,
    indexName: options.indexName,
    dataLabel: options.dataLabel ?? DEFAULT_LABEL,
  }
  const resumed = checkpoint.rows
  const rejects: Reject[] = []
  const dropped = new Set<string>()
  const taskIds: string[] = []
  let read = 0
  let sent = 0
  let rejected = 0
  let chunks = 0
  let lines: string[] = []
  let bytes = 0

  const makeAccount = (): ImportAccount => ({
    timeline: checkpoint.timeline,
    timelineId: checkpoint.timelineId,
    indexName: checkpoint.indexName,
    read,
    resumed: Math.min(resumed, read),
    sent,
    rejected,
    rejects: [...rejects],
    undecoded: 0,
    chunks,
    taskIds: [...taskIds],
    droppedFields: [...dropped].sort(),
    indexed: undefined,
    status: undefined,
    failedPieces: 0,
    serverErrors: [],
  })
  let settled = { ...makeAccount(), read: resumed, resumed }
  const stop = (cause: unknown, uncertainRows: number): ImportError =>
    new ImportError(checkpoint, { settledRows: checkpoint.rows, uncertainRows, account: settled }, { cause })

  const flush = async (isLast: boolean): Promise<void> => {
    if (lines.length > 0) {
      const fields = toFields(sketchId, checkpoint, options, isLast)
      try {
        const { taskId, ...timeline } = await postChunk(connection, fields, lines, options)
        checkpoint = { ...checkpoint, ...timeline }
        if (taskId !== undefined) taskIds.push(taskId)
      } catch (error) {
        throw stop(error, isKnownRefusal(error) ? 0 : lines.length)
      }
      chunks += 1
      sent += lines.length
    }
    checkpoint = { ...checkpoint, rows: read }
    settled = makeAccount()
    lines = []
    bytes = 0
    options.onProgress?.({ done: read, total: undefined, unit: 'rows' })
  }
  const reject = (line: number, reason: string): void => {
    rejected += 1
    if (rejects.length < MAX_LISTED_REJECTS) rejects.push({ line, reason })
  }

  // Before the first row nothing has begun that could be gone on with.
  const toFailure = (cause: unknown): unknown => (read === 0 ? cause : stop(cause, 0))
  let isFirst = true
  for await (const source of mapFailure(rows, toFailure)) {
    if ('row' in source && isFirst) {
      checkFields(rules, source)
      isFirst = false
    }
    if (read < resumed) {
      read += 1
      continue
    }
    const shaped = 'row' in source ? toEvent(source.row, rules, dropped, source.columns) : source
    if ('event' in shaped) {
      const text = stringifyExactJson(shaped.event)
      if (lines.length > 0 && (lines.length >= chunkRows || bytes + text.length > chunkBytes))
        await flush(false)
      lines.push(text)
      bytes += text.length + 1
    } else reject(source.line, shaped.problem)
    read += 1
  }
  await flush(true)
  return makeAccount()
}

/** What fails in the source fails as `toFailure` has it; what the reader of it throws is the reader's. */
async function* mapFailure<Item>(
  source: AsyncIterable<Item>,
  toFailure: (cause: unknown) => unknown,
): AsyncGenerator<Item> {
  try {
    yield* source
  } catch (error) {
    throw toFailure(error)
  }
}

/** @throws {RangeError} For a field of the message that the first row has not: the others would all be without a message. */
function checkFields(
  { message }: PreparedRules,
  { row, columns }: { readonly row: ImportRow; readonly columns?: readonly string[] },
): void {
  const names = columns ?? Object.keys(row)
  const missing = message?.fields.filter((field) => !names.includes(field)) ?? []
  if (missing.length > 0)
    throw new RangeError(
      `the message format names ${missing.join(', ')}, which the first row has not; it has: ${names.join(', ')}`,
    )
}

async function postChunk(
  connection: Connection,
  fields: Readonly<Record<string, string>>,
  lines: readonly string[],
  options: CallOptions,
): Promise<Pick<ImportCheckpoint, 'timeline' | 'timelineId' | 'indexName'> & { taskId: string | undefined }> {
  const events = lines.join('\n')
  const form = (): FormData => {
    const data = new FormData()
    for (const [name, value] of Object.entries(fields)) data.set(name, value)
    data.set('events', events)
    return data
  }
  const answer = await connection.json({ method: 'POST', path: '/upload/', form }, options)
  const timeline = toTimeline(readObject(answer))
  const taskId = readOptionalText(readMeta(answer), 'task_id')
  return { timeline: timeline.name, timelineId: timeline.id, indexName: timeline.index.indexName, taskId }
}

function toFields(
  sketchId: number,
  checkpoint: ImportCheckpoint,
  options: SendOptions,
  isLast: boolean,
): Record<string, string> {
  return {
    name: checkpoint.timeline,
    sketch_id: String(sketchId),
    provider: options.provider ?? DEFAULT_PROVIDER,
    data_label: checkpoint.dataLabel,
    // Any text says that more comes; the server begins its analyzers when there is none.
    ...(isLast ? {} : { enable_stream: 'True' }),
    ...(checkpoint.indexName === undefined ? {} : { index_name: checkpoint.indexName }),
    ...(options.context === undefined ? {} : { context: options.context }),
  }
}

/** True when it is known that the server has stored nothing of a request. */
function isKnownRefusal(error: unknown): boolean {
  return isApiError(error) ? error.status < 500 : wasNeverSent(error)
}
