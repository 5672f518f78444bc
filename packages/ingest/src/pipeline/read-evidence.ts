import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { Reject } from '@timeskein/model'
import { TimeTally } from '../batch/time-notes.ts'
import { UnpackingMeter } from '../containers/archive-limits.ts'
import { PeekableSource } from '../containers/byte-source.ts'
import { measureFolder } from '../containers/folder-entries.ts'
import { HashingSource } from '../containers/hashing-source.ts'
import { type EvidenceInput, type OpenedInput, openInput } from '../containers/open-input.ts'
import { findBinaryFormat } from '../detect/binary-formats.ts'
import { isUnknownFormatError } from '../detect/unknown-format-error.ts'
import { hasDatedLines, LINES_FORMAT } from '../logs/lines/lines.ts'
import { detectLog, isRatherLog, lookAtLog, planLog } from '../logs/plan-log.ts'
import type { Mapping } from '../schemas/mapping.ts'
import { describeHost } from '../triage/collection.ts'
import { type EvidencePiece, type EvidencePlace, type EvidencePlan, placeFile } from './evidence-plan.ts'
import { type Content, type ReadContext, readContent, readFolder, reopenFile } from './read-content.ts'
import type { ReadAccount, ReadItem, StretchExecutor } from './read-item.ts'
import type { ReadOptions } from './read-options.ts'
import { asReaderFault, ReaderFaultError, rejectForFault, stretchForFault } from './reader-fault.ts'
import { runInOrder } from './run-in-order.ts'
import { splitStretches } from './split-stretches.ts'
import { type StretchNote, StretchRunner } from './stretch.ts'
import { type DecodedText, decodeText, MappingError, namesColumns, planText } from './text-plan.ts'

/**
 * Reads one input, whatever its container, encoding and format, as batches of events with an account of every row.
 *
 * Stretches of a text are read by the executor, several at once; what comes out is in the order of the input. Stopping
 * early closes the input.
 *
 * @throws {InputError} When it cannot be opened.
 * @throws {UnknownFormatError} When it is none of the formats that are read; of a zip archive, when no entry is.
 * @throws {MappingError} When no field of it is the time.
 * @throws {ArchiveLimitError} When it unpacks to more than the limits allow.
 * @throws {ReaderFaultError} When a reader failed before its first row.
 */
export function readEvidence(input: EvidenceInput, options?: ReadOptions): AsyncGenerator<ReadItem>
export function readEvidence<P>(
  input: EvidenceInput,
  options: ReadOptions,
  executor: StretchExecutor<P>,
): AsyncGenerator<ReadItem<P>>
export async function* readEvidence(
  input: EvidenceInput,
  options: ReadOptions = {},
  executor: StretchExecutor<unknown> = runHere(),
): AsyncGenerator<ReadItem<unknown>> {
  try {
    yield* readInput(input, options, executor)
  } catch (error) {
    const fault = asReaderFault(error, options.signal)
    if (!fault) throw error
    throw new ReaderFaultError('path' in input ? (input.name ?? input.path) : input.name, fault)
  }
}

async function* readInput(
  input: EvidenceInput,
  options: ReadOptions,
  executor: StretchExecutor<unknown>,
): AsyncGenerator<ReadItem<unknown>> {
  const start = { options, executor, depth: 0, isContained: false, readFile: readPlain }
  if ('path' in input && (await isFolder(input.path))) {
    const name = nameFolder(input.name ?? input.path)
    const meter = new UnpackingMeter(name)
    const bytesTotal = options.onProgress ? await measureFolder(input.path) : undefined
    const advance = countBytes(name, bytesTotal, options)
    // The folder itself has no bytes of its own.
    const finishHash = async (): Promise<string> => ''
    yield* readFolder(input.path, name, { ...start, place: {}, meter, advance, finishHash })
    return
  }
  await using opened = await openInput(input, options.signal)
  const { name: path, sizeBytes, file } = opened
  const advance = countBytes(path, sizeBytes, options)
  let isHashedAhead = false
  const hashing = new HashingSource(opened.source, (bytesRead) => advance(isHashedAhead ? 0 : bytesRead))
  const content: Content = {
    path,
    source: new PeekableSource(hashing),
    file,
    ...(file === undefined ? {} : { reopen: (_meter, onRead) => reopenFile(file, onRead) }),
  }
  yield* readContent(content, {
    ...start,
    place: placeOnDisk(input, opened),
    meter: new UnpackingMeter(path),
    advance: file === undefined ? () => {} : advance,
    finishHash: () => {
      // What is left of a file that can be read again is an archive's, whose entries are counted as they are read.
      isHashedAhead = file !== undefined
      return hashing.finish()
    },
  })
}

async function* readPlain(
  path: string,
  source: PeekableSource,
  context: ReadContext,
): AsyncGenerator<ReadItem<unknown>> {
  const options = withHostZone(context)
  const startedMs = performance.now()
  const binary = await findBinaryFormat(source)
  const plan = await (binary?.plan(path, source, options, context.place) ??
    planPieces(path, source, { ...context, options }))
  try {
    yield* readPlan(path, plan, context, startedMs)
  } finally {
    await plan.close?.()
  }
}

async function* readPlan(
  path: string,
  plan: EvidencePlan,
  context: ReadContext,
  startedMs: number,
): AsyncGenerator<ReadItem<unknown>> {
  const { options, executor, isContained, sizeBytes, host } = context
  const { format, settings } = plan
  const mapping = withHostName(plan.mapping, host?.hostName)
  const reasons = host ? [...plan.reasons, describeHost(host)] : plan.reasons
  yield { kind: 'file', path, format, mapping, reasons, isContained, sizeBytes, host: host?.hostName }

  const textId = randomUUID()
  const counts = new Map<string, number>()
  let read = 0
  let rejected = 0
  let badLines = 0
  let lastLine = plan.hasLines ? 1 : 0
  const notes: StretchNote[] = []
  const timeNotes = new TimeTally()
  const noteRejects = (rejects: readonly Reject[]): void => {
    rejected += rejects.length
    for (const { reason } of rejects) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  const guarded = guardPieces(plan.pieces, options.signal)
  const pieces = options.beginningOnly ? takeFirst(guarded) : guarded
  const outcomes = runInOrder(pieces, executor.concurrency, async (piece) => {
    options.signal?.throwIfAborted()
    if (piece.kind === 'reject')
      return { batches: [], rejects: [piece.reject], read: 1, badLines: 0, timeNotes: [], notes: [] }
    const { bytes, startLine, place, carried, isLast } = piece
    if (plan.hasLines) lastLine = startLine
    const job = { textId, settings, bytes, startLine, place, isLast }
    try {
      return await executor.run(carried === undefined ? job : { ...job, carried })
    } catch (error) {
      const fault = asReaderFault(error, options.signal)
      if (!fault) throw error
      return stretchForFault(fault, startLine)
    }
  })
  for await (const outcome of outcomes) {
    read += outcome.read
    badLines += outcome.badLines
    for (const note of outcome.notes) notes.push(note)
    noteRejects(outcome.rejects)
    for (const found of outcome.timeNotes) timeNotes.add(found)
    for (const { batch, prepared } of outcome.batches) yield { kind: 'batch', batch, prepared }
    if (outcome.rejects.length > 0) yield { kind: 'rejects', rejects: outcome.rejects }
  }
  const { truncation } = plan.source
  if (truncation !== undefined && !counts.has('truncated')) {
    const reject: Reject = { line: lastLine, reason: 'truncated', detail: truncation, raw: '' }
    read++
    noteRejects([reject])
    yield { kind: 'rejects', rejects: [reject] }
  }
  const undecoded = badLines + (plan.countUndecoded?.() ?? 0)
  const account: ReadAccount = {
    path,
    sha256: options.beginningOnly ? '' : await context.finishHash(),
    ...(context.archive === undefined ? {} : { archive: context.archive }),
    format,
    read,
    rejected,
    seconds: (performance.now() - startedMs) / 1000,
    reasons: Object.fromEntries(counts),
    ...(undecoded === 0 ? {} : { undecoded }),
  }
  const remarks = plan.describeNotes(notes)
  yield { kind: 'end', account, badLines, timeNotes: timeNotes.take(), remarks, truncation }
}

async function planPieces(
  path: string,
  source: PeekableSource,
  { options, place }: ReadContext,
): Promise<EvidencePlan> {
  const decoded = await decodeText(source, options)
  const plan = await planDecoded(path, decoded, options, place)
  decoded.readOn()
  return {
    ...plan,
    countUndecoded: decoded.countUndecoded,
    describeNotes: (notes) => [...plan.describeNotes(notes), ...decoded.describeLeftOut()],
  }
}

async function planDecoded(
  path: string,
  decoded: DecodedText,
  options: ReadOptions,
  place: EvidencePlace,
): Promise<EvidencePlan> {
  const isTold = options.format !== undefined || options.csv !== undefined
  const log = isTold ? undefined : await lookAtLog(decoded.text, decoded.encoding === 'utf-8')
  const known = log && detectLog(log)
  if (known) return planLog(known, log, options, place)
  try {
    const { remarks, ...plan } = await planText(path, decoded, options, place.changedUs)
    const { format } = plan.settings
    if (log && format.kind === 'csv' && !namesColumns(options) && isRatherLog(log, plan))
      return planLog(LINES_FORMAT, log, options, place)
    return {
      ...plan,
      pieces: splitStretches(
        plan.source,
        format,
        plan.skipBytes,
        options.stretchBytes,
        undefined,
        options.buffers,
      ),
      hasLines: true,
      describeNotes: () => remarks,
    }
  } catch (error) {
    const isOpen = isUnknownFormatError(error) || (error instanceof MappingError && options.map === undefined)
    if (!isOpen || !log || !hasDatedLines(log.sample)) throw error
    return planLog(LINES_FORMAT, log, options, place)
  }
}

/** The zone of the host that a file was collected from is that of times in the host's own clock. */
function withHostZone({ options, host }: ReadContext): ReadOptions {
  return host?.timeZone === undefined ? options : { ...options, hostTimeZone: host.timeZone }
}

/** Events that name no host of their own are of the one that their file was collected from. */
function withHostName(mapping: Mapping, hostname: string | undefined): Mapping {
  if (hostname === undefined) return mapping
  const { profile } = mapping
  return { ...mapping, profile: { ...profile, constants: { hostname, ...profile.constants } } }
}

/** Tells how many bytes of an input have been read since its beginning, and stops reading when asked to. */
function countBytes(
  path: string,
  bytesTotal: number | undefined,
  options: ReadOptions,
): (bytesRead: number) => void {
  let bytesDone = 0
  return (bytesRead) => {
    options.signal?.throwIfAborted()
    bytesDone += bytesRead
    options.onProgress?.({ path, bytesDone, bytesTotal })
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return path !== '-' && (await stat(path)).isDirectory()
  } catch {
    // Opening it says what is wrong.
    return false
  }
}

function nameFolder(path: string): string {
  return path.endsWith('/') ? path : `${path}/`
}

/** Where an input stands: a file with its neighbours, or a stream without any. */
function placeOnDisk(input: EvidenceInput, { changedUs, file }: OpenedInput): EvidencePlace {
  if (!('path' in input) || file === undefined) return {}
  return { ...placeFile(input.path), ...(changedUs === undefined ? {} : { changedUs }) }
}

/** Where what cuts a file into pieces fails, the pieces before stay. */
async function* guardPieces(
  pieces: AsyncGenerator<EvidencePiece>,
  signal: AbortSignal | undefined,
): AsyncGenerator<EvidencePiece> {
  try {
    yield* pieces
  } catch (error) {
    const fault = asReaderFault(error, signal)
    if (!fault) throw error
    yield { kind: 'reject', reject: rejectForFault(fault, 0) }
  }
}

async function* takeFirst<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  for await (const item of items) {
    yield item
    return
  }
}

/** Reads stretches in this thread, one after the other; good for any number of inputs. */
export function runHere(): StretchExecutor<undefined> {
  const runner = new StretchRunner()
  return {
    concurrency: 1,
    run: async (job) => {
      const { batches, ...rest } = runner.run(job)
      return { ...rest, batches: batches.map((batch) => ({ batch, prepared: undefined })) }
    },
  }
}
