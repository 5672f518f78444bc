import { type ReadOptions, type RowFormat, readEvidence, type StretchExecutor } from '@timeskein/ingest'
import { nameTimelineAfter, quoteCsvCell, type RefusedFile } from '@timeskein/model'
import type { PreparedSegment } from '@timeskein/store'
import type { FileImport } from '../file-import.ts'
import type { ImportPlace } from '../import-place.ts'
import type { ImportInput, ImportOutcome, ImportReading } from '../import-service.ts'
import { MAX_BYTES_HERE } from '../limits.ts'
import { StretchPreparer } from '../threads/prepare-stretch.ts'
import type { StretchPool } from '../threads/stretch-pool.ts'
import { nameOfInput } from './name-of-input.ts'
import { describeBadLines, describeTimeNotes } from './remarks.ts'

/**
 * Reads one input into an import, stretch by stretch: parsing, word index and compression happen in the pool's threads,
 * writing here, in the order of the input. What waits between them is bounded by the pool's size.
 *
 * @param refused - Gets the entries of an archive that are not read.
 */
export async function readInput(
  input: ImportInput,
  reading: ImportReading,
  work: FileImport,
  refused: ImportOutcome['refused'][number][],
  { pool, uploadsDirectory }: Pick<ImportPlace, 'pool' | 'uploadsDirectory'>,
  signal: AbortSignal,
): Promise<void> {
  let bytesDone = 0
  let header = ''
  const executor = makeExecutor(pool, (format) => {
    header = writeHeader(format)
  })
  const items = readEvidence(
    input,
    {
      ...toReadOptions(reading, signal, (done) => {
        work.advance(done - bytesDone)
        bytesDone = done
      }),
      spoolDirectory: uploadsDirectory,
      buffers: pool.buffers,
    },
    executor,
  )
  for await (const item of items) {
    signal.throwIfAborted()
    switch (item.kind) {
      case 'file': {
        const { aliases, constants } = item.mapping.profile
        await work.startFile({
          path: item.path,
          format: item.format,
          profile: { aliases, constants: { ...constants, ...reading.constants } },
          isContained: item.isContained,
          sizeBytes: item.sizeBytes,
          host: item.host,
          inputName: nameTimelineAfter(nameOfInput(input)),
        })
        break
      }
      case 'batch':
        await work.append(item.batch, item.prepared, () => pool.takeBack(item.batch))
        break
      case 'rejects':
        await work.reject(item.rejects, header)
        break
      case 'end':
        await work.endFile(item.account, [
          ...describeBadLines(item.badLines),
          ...describeTimeNotes(item.timeNotes, reading.allTimes ?? false),
          ...item.remarks,
        ])
        break
      case 'refused':
        if (item.isBegun) await work.abandonFile()
        refused.push(describeRefusal(item))
        break
      default:
        item satisfies never
    }
  }
}

/** An entry that is not read, with the reason alone: reading's own sentence begins with the path again. */
export function describeRefusal({ path, reason, refusal }: RefusedFile): RefusedFile {
  const opening = `cannot read ${path}: `
  return { path, reason: reason.startsWith(opening) ? reason.slice(opening.length) : reason, refusal }
}

function makeExecutor(
  pool: StretchPool,
  onFormat: (format: RowFormat) => void,
): StretchExecutor<PreparedSegment> {
  let textId: string | undefined
  const preparer = new StretchPreparer()
  return {
    // One waits while each thread has one: a thread never waits for the store.
    concurrency: pool.size + 1,
    async run(job) {
      const isFirst = job.textId !== textId
      textId = job.textId
      if (isFirst) onFormat(job.settings.format)
      if (isFirst && job.isLast && job.bytes.length <= MAX_BYTES_HERE) return preparer.prepare(job)
      return await pool.run(job)
    },
  }
}

/** What a caller said about reading, in ingest's words. */
export function toReadOptions(
  reading: ImportReading,
  signal?: AbortSignal,
  onBytes?: (bytesDone: number) => void,
): ReadOptions {
  const map = withDescription(reading)
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onBytes === undefined ? {} : { onProgress: (progress) => onBytes(progress.bytesDone) }),
    ...(map === undefined ? {} : { map }),
    ...(reading.delimiter === undefined ? {} : { csv: { delimiter: reading.delimiter } }),
    ...(reading.encoding === undefined ? {} : { encoding: reading.encoding }),
    ...(reading.timeZone === undefined ? {} : { timeZone: reading.timeZone }),
    ...(reading.dayFirst === undefined ? {} : { dayFirst: reading.dayFirst }),
    ...(reading.carve === undefined ? {} : { carve: reading.carve }),
    ...(reading.keepXml === undefined ? {} : { keepXml: reading.keepXml }),
    ...(reading.year === undefined ? {} : { year: reading.year }),
    ...(reading.allTimes ? { times: 'all' as const } : {}),
    ...(reading.formatters === undefined ? {} : { formatters: reading.formatters }),
    ...(reading.messageResources === undefined ? {} : { messageResources: reading.messageResources }),
    ...(reading.plasoFilter === undefined ? {} : { plasoFilter: reading.plasoFilter }),
  }
}

/** The map with the description that was given for all events: rows dated by another field than the first keep to it, too. */
function withDescription({ map, constants }: ImportReading): ImportReading['map'] {
  const description = constants?.['timestamp_desc']
  return description === undefined ? map : { timestamp_desc: `=${description}`, ...map }
}

/** The line that rejected rows of a CSV need above them to be imported again (RFC 4180); '' for other formats. */
function writeHeader(format: RowFormat): string {
  if (format.kind !== 'csv') return ''
  const delimiter = String.fromCharCode(format.dialect.delimiter)
  return `${format.columns.map((name) => quoteCsvCell(name, delimiter)).join(delimiter)}\n`
}
