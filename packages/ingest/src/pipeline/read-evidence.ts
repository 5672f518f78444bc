import { randomUUID } from 'node:crypto'
import type { EventBatch, FileAccount, Reject } from '@timeskein/model'
import { type TimeNotes, TimeTally } from '../batch/time-notes.ts'
import { MAX_CONTAINER_DEPTH, UnpackingMeter } from '../containers/archive-limits.ts'
import { PeekableSource } from '../containers/byte-source.ts'
import { HashingSource } from '../containers/hashing-source.ts'
import {
  type EvidenceInput,
  type OpenedInput,
  openFileBeside,
  openInput,
  spoolToFile,
} from '../containers/open-input.ts'
import { UnpackedSource } from '../containers/unpacked-source.ts'
import { readZipEntries } from '../containers/zip-entries.ts'
import { findBinaryFormat } from '../detect/binary-formats.ts'
import { detectContainer } from '../detect/magic-numbers.ts'
import { isUnknownFormatError, UnknownFormatError } from '../detect/unknown-format-error.ts'
import type { Mapping } from '../schemas/mapping.ts'
import type { EvidencePlace, EvidencePlan } from './evidence-plan.ts'
import type { ReadOptions } from './read-options.ts'
import { runInOrder } from './run-in-order.ts'
import { splitStretches } from './split-stretches.ts'
import { type StretchJob, type StretchNote, type StretchResult, StretchRunner } from './stretch.ts'
import { MappingError, planText } from './text-plan.ts'

/** What became of a stretch, each batch with what else was made of it in the thread that read it. */
export interface StretchOutcome<P> extends Omit<StretchResult, 'batches'> {
  readonly batches: readonly { readonly batch: EventBatch; readonly prepared: P }[]
}

/** Reads stretches somewhere else, several at once. */
export interface StretchExecutor<P> {
  /** Stretches that may be under way at once. */
  readonly concurrency: number
  /** Reads one; the job's buffer is the executor's from here on. */
  run(job: StretchJob): Promise<StretchOutcome<P>>
}

/** The part of a file's account that reading knows; the caller adds what the store says. */
export type ReadAccount = Omit<FileAccount, 'stored' | 'duplicates'>

/** What reading yields, file after file: `file`, then batches and rejects, then `end`; or `refused` alone. */
export type ReadItem<P = undefined> =
  | {
      readonly kind: 'file'
      readonly path: string
      /** As in the account: `csv/hayabusa`. */
      readonly format: string
      readonly mapping: Mapping
      /** Sentences that say what was recognised and why. */
      readonly reasons: readonly string[]
    }
  | {
      readonly kind: 'batch'
      readonly batch: EventBatch
      readonly prepared: P
    }
  | { readonly kind: 'rejects'; readonly rejects: readonly Reject[] }
  | {
      readonly kind: 'end'
      readonly account: ReadAccount
      /** Lines with bytes that are no UTF-8; they were kept, with U+FFFD in place of those bytes. */
      readonly badLines: number
      /** What there is to say of the times of rows kept: those that could not be read, or not as the others. */
      readonly timeNotes: readonly TimeNotes[]
      /** Sentences about what else is worth knowing of rows that were taken. */
      readonly remarks: readonly string[]
      /** Why the file ended before its format says it should. */
      readonly truncation: string | undefined
    }
  /** An entry of an archive that is not read, and why. */
  | { readonly kind: 'refused'; readonly path: string; readonly reason: string }

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
  await using opened = await openInput(input)
  const { name, sizeBytes, changedUs } = opened
  const hashing = new HashingSource(opened.source, (bytesDone) => {
    options.signal?.throwIfAborted()
    options.onProgress?.({ path: name, bytesDone, bytesTotal: sizeBytes })
  })
  const source = new PeekableSource(hashing)
  const context: ReadContext = {
    options,
    executor,
    changedUs,
    place: placeOnDisk(input, opened),
    finishHash: () => hashing.finish(),
  }
  if (detectContainer(await source.peek(8)) === 'zip') yield* readZip(name, source, opened, context)
  else yield* readPacked(name, source, new UnpackingMeter(name), 0, context)
}

interface ReadContext {
  readonly options: ReadOptions
  readonly executor: StretchExecutor<unknown>
  readonly changedUs: number | undefined
  readonly place: EvidencePlace
  /** SHA-256 of the input as it stands on disk, or of the entry of an archive; reads what is left of it. */
  readonly finishHash: () => Promise<string>
  readonly archive?: NonNullable<FileAccount['archive']>
}

/** Reads a file, plain or inside of one or two containers. */
async function* readPacked(
  path: string,
  source: PeekableSource,
  meter: UnpackingMeter,
  depth: number,
  context: ReadContext,
): AsyncGenerator<ReadItem<unknown>> {
  const container = detectContainer(await source.peek(8))
  if (container === undefined) {
    yield* readPlain(path, source, context)
    return
  }
  if (container === 'zip' || depth >= MAX_CONTAINER_DEPTH) {
    throw new UnknownFormatError(
      path,
      `a ${container} archive inside of ${depth === 1 ? 'another' : 'others'}; unpack it first (MAX_CONTAINER_DEPTH)`,
    )
  }
  const unpacked = new UnpackedSource(source, container, meter)
  const { changedUs } = context
  const place: EvidencePlace = changedUs === undefined ? {} : { changedUs }
  try {
    yield* readPacked(path, new PeekableSource(unpacked), meter, depth + 1, { ...context, place })
  } finally {
    unpacked.close()
  }
}

async function* readZip(
  path: string,
  source: PeekableSource,
  opened: OpenedInput,
  context: ReadContext,
): AsyncGenerator<ReadItem<unknown>> {
  await using spooled = opened.file
    ? undefined
    : await spoolToFile(source, path, context.options.spoolDirectory)
  const sha256 = context.options.beginningOnly ? '' : await context.finishHash()
  const meter = new UnpackingMeter(path)
  const { changedUs } = context
  const file = opened.file ?? spooled!.file
  const refusals: string[] = []
  let filesRead = 0
  for await (const entry of readZipEntries(file, path, meter)) {
    const entryPath = `${path}!${entry.name}`
    if (entry.kind === 'refused') {
      refusals.push(`${entry.name}: ${entry.reason}`)
      yield { kind: 'refused', path: entryPath, reason: entry.reason }
      continue
    }
    const hashing = new HashingSource(entry.source)
    const place: EvidencePlace = changedUs === undefined ? {} : { changedUs }
    const inner: ReadContext = {
      ...context,
      place,
      archive: { path, sha256 },
      finishHash: () => hashing.finish(),
    }
    try {
      yield* readPacked(entryPath, new PeekableSource(hashing), meter, 1, inner)
      filesRead++
    } catch (error) {
      if (!isUnknownFormatError(error) && !(error instanceof MappingError)) throw error
      refusals.push(error.message)
      yield { kind: 'refused', path: entryPath, reason: error.message }
    }
  }
  if (filesRead === 0) {
    const found = refusals.length === 0 ? 'no entry with any content' : refusals.slice(0, 3).join('; ')
    throw new UnknownFormatError(path, `a zip archive with nothing that can be read in it (${found})`)
  }
}

async function* readPlain(
  path: string,
  source: PeekableSource,
  context: ReadContext,
): AsyncGenerator<ReadItem<unknown>> {
  const { options } = context
  const startedMs = performance.now()
  const binary = await findBinaryFormat(source)
  const plan = await (binary?.plan(path, source, options, context.place) ?? planPieces(path, source, context))
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
  const { options, executor } = context
  const { format, settings, mapping, reasons } = plan
  yield { kind: 'file', path, format, mapping, reasons }

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
  const pieces = options.beginningOnly ? takeFirst(plan.pieces) : plan.pieces
  const outcomes = runInOrder(pieces, executor.concurrency, async (piece) => {
    options.signal?.throwIfAborted()
    if (piece.kind === 'reject')
      return { batches: [], rejects: [piece.reject], read: 1, badLines: 0, timeNotes: [], notes: [] }
    const { bytes, startLine, place, isLast } = piece
    if (plan.hasLines) lastLine = startLine
    return executor.run({ textId, settings, bytes, startLine, place, isLast })
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
  const account: ReadAccount = {
    path,
    sha256: options.beginningOnly ? '' : await context.finishHash(),
    ...(context.archive === undefined ? {} : { archive: context.archive }),
    format,
    read,
    rejected,
    seconds: (performance.now() - startedMs) / 1000,
    reasons: Object.fromEntries(counts),
  }
  const remarks = plan.describeNotes(notes)
  yield { kind: 'end', account, badLines, timeNotes: timeNotes.take(), remarks, truncation }
}

async function planPieces(
  path: string,
  source: PeekableSource,
  { options, changedUs }: ReadContext,
): Promise<EvidencePlan> {
  const { remarks, ...plan } = await planText(path, source, options, changedUs)
  return {
    ...plan,
    pieces: splitStretches(plan.source, plan.settings.format, plan.skipBytes, options.stretchBytes),
    hasLines: true,
    describeNotes: () => remarks,
  }
}

/** Where an input stands: a file with its neighbours, or a stream without any. */
function placeOnDisk(input: EvidenceInput, { changedUs, file }: OpenedInput): EvidencePlace {
  if (!('path' in input) || file === undefined) return {}
  return {
    filePath: input.path,
    ...(changedUs === undefined ? {} : { changedUs }),
    openBeside: (suffix) => openFileBeside(input.path + suffix),
  }
}

async function* takeFirst<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  for await (const item of items) {
    yield item
    return
  }
}

/** Reads stretches in this thread, one after the other. */
function runHere(): StretchExecutor<undefined> {
  const runner = new StretchRunner()
  return {
    concurrency: 1,
    run: async (job) => {
      const { batches, ...rest } = runner.run(job)
      return { ...rest, batches: batches.map((batch) => ({ batch, prepared: undefined })) }
    },
  }
}
