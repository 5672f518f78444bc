import type { Column, EventBatch } from '@timeskein/model'
import type { PreparedSegment } from '../../../prepared-segment.ts'
import { findSpan } from '../../../time-order.ts'
import type { FeedColumn, FeedValues, RowFeed } from '../row-feed.ts'
import { packFieldNumber } from '../sources/field-numbers.ts'
import { packSegmentData } from '../sources/segment-data.ts'
import type { SourceFile } from '../sources/source-file.ts'
import type { SqlSession } from '../sql-session.ts'
import type { FieldRegistry } from './field-registry.ts'
import { pickEntries } from './pick-entries.ts'
import { splitColumn } from './split-column.ts'
import { KIND_LETTERS, TallRows } from './tall-rows.ts'
import { hasRepeatedTexts, hasVariedTexts } from './varied-texts.ts'

/** Where a batch goes. */
export interface SegmentTarget {
  readonly session: SqlSession
  readonly feed: RowFeed
  readonly schema: string
  readonly file: SourceFile
  readonly fields: FieldRegistry
  readonly segmentId: number
  readonly firstSeq: number
  /** Rows that the import has written before. */
  readonly rowsBefore: number
  readonly timelineId: number
  readonly importId: string
  /** Told how many wide columns there are before rows are added to them. */
  readonly onColumns: (columns: number) => Promise<void>
}

/** Writes one batch as one segment, inside the session's transaction. */
export async function writeSegment(
  target: SegmentTarget,
  batch: EventBatch,
  prepared: PreparedSegment,
): Promise<void> {
  const fieldIds = Uint32Array.from(prepared.terms.fields, ({ name, view }) =>
    packFieldNumber(target.fields.idOf(name), view),
  )
  const written = writeSource(target, batch, prepared, fieldIds)
  // Looked at below, after the rows: until then a failure must not count as unhandled.
  written.catch(() => {})
  try {
    await writeRows(target, batch)
    await writeNewFields(target)
  } catch (error) {
    // The rollback that follows cuts the source file back: nothing may be written to it any more by then.
    await written.catch(() => {})
    throw error
  }
  await writePlaces(target, batch, prepared, await written)
}

async function writeRows(target: SegmentTarget, batch: EventBatch): Promise<void> {
  const { fields, session, schema, firstSeq, rowsBefore } = target
  const tall = new TallRows(firstSeq)
  const seqs = new Uint32Array(batch.rowCount)
  for (let row = 0; row < seqs.length; row++) seqs[row] = firstSeq + row
  const wide: FeedColumn[] = [
    { name: 'seq', type: 'UINTEGER', rows: undefined, numbers: seqs },
    { name: 'time_us', type: 'BIGINT', rows: undefined, numbers: batch.timesUs },
  ]
  const filled = new Set<string>()
  for (const column of batch.columns) {
    if (column.rows.length === 0) continue
    const id = fields.idOf(column.field)
    const kind = KIND_LETTERS[column.kind]
    const split = splitColumn(column)
    const singleCount = split ? split.single.length : column.rows.length
    let name = fields.wideColumn(id, kind)
    if (!name && fields.isFrequent(id, kind, singleCount, { rowCount: batch.rowCount, rowsBefore })) {
      const isVaried = hasVariedTexts(column, batch.rowCount)
      name = await fields.addWideColumn(session, schema, id, kind, { rowsBefore, isVaried })
    } else if (name && fields.mayBeUnvaried(name, rowsBefore) && hasRepeatedTexts(column))
      await fields.leaveToDuckDb(session, schema, name)
    if (split) {
      tall.add(id, column, split.repeated)
      tall.add(id, column, split.long, true)
    }
    if (singleCount === 0) continue
    if (!name || filled.has(name)) {
      tall.add(id, column, split?.single)
      continue
    }
    filled.add(name)
    wide.push(toFeedColumn(name, split ? pickEntries(column, split.single) : column, batch.rowCount))
  }
  await target.onColumns(fields.wideCount)
  await insert(target, 'wide', wide, batch.rowCount)
  if (tall.count > 0) await insert(target, 'tall', tall.toColumns(), tall.count)
}

async function writeNewFields(target: SegmentTarget): Promise<void> {
  const { columns, count } = target.fields.takeNewFields()
  if (count > 0) await insert(target, 'fields', columns, count)
}

interface SourcePlaces {
  readonly blocksAt: number
  readonly dataAt: number
  /** Of what stands from `dataAt` on, in the order of the columns of `segments`. */
  readonly sizes: readonly number[]
}

async function writeSource(
  { file }: SegmentTarget,
  batch: EventBatch,
  prepared: PreparedSegment,
  fieldIds: Uint32Array,
): Promise<SourcePlaces> {
  const { timesUs, nanos } = batch
  const data = packSegmentData({ timesUs, nanos, order: prepared.timeOrder }, prepared.hashes)
  const ids = new Uint8Array(fieldIds.buffer)
  const parts = [data.times, data.nanos, data.order, data.hashes, ids, prepared.terms.bytes]
  const sizes = parts.map((part) => part?.length ?? 0)
  const blocks = prepared.blocks.map((block) => block.data)
  const dataAt = await file.append([...parts.filter((part) => part !== undefined), ...blocks])
  return { dataAt, sizes, blocksAt: sizes.reduce((at, size) => at + size, dataAt) }
}

async function writePlaces(
  target: SegmentTarget,
  batch: EventBatch,
  { blocks }: PreparedSegment,
  { blocksAt, dataAt, sizes }: SourcePlaces,
): Promise<void> {
  const places = new BigInt64Array(blocks.length)
  let at = blocksAt
  for (const [i, block] of blocks.entries()) {
    places[i] = BigInt(at)
    at += block.data.length
  }
  const rows = undefined
  const columns: FeedColumn[] = [
    {
      name: 'first_seq',
      type: 'UINTEGER',
      rows,
      numbers: Uint32Array.from(blocks, ({ firstRow }) => target.firstSeq + firstRow),
    },
    {
      name: 'row_count',
      type: 'UINTEGER',
      rows,
      numbers: Uint32Array.from(blocks, ({ rowCount }) => rowCount),
    },
    { name: 'data_at', type: 'BIGINT', rows, numbers: places },
    {
      name: 'data_size',
      type: 'UINTEGER',
      rows,
      numbers: Uint32Array.from(blocks, ({ data }) => data.length),
    },
  ]
  await insert(target, 'blocks', columns, blocks.length, `${target.segmentId} AS segment`)
  const { first, last } = findSpan(batch.timesUs)
  const { segmentId, firstSeq, timelineId, importId } = target
  await target.session.run(
    `INSERT INTO ${target.schema}.segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [segmentId, firstSeq, batch.rowCount, timelineId, importId, first, last, dataAt, ...sizes],
  )
}

async function insert(
  { session, feed, schema }: SegmentTarget,
  table: string,
  columns: readonly FeedColumn[],
  rowCount: number,
  constant?: string,
): Promise<void> {
  using held = feed.hold(columns, rowCount)
  const names = columns.map((column) => column.name)
  if (constant !== undefined) names.push(constant)
  await session.run(`INSERT INTO ${schema}.${table} BY NAME SELECT ${names.join(', ')} FROM ${held.sql}`)
}

function toFeedColumn(name: string, column: Column, rowCount: number): FeedColumn {
  const rows = column.rows.length === rowCount ? undefined : column.rows
  return { name, rows, ...toFeedValues(column.values) }
}

function toFeedValues(values: Column['values']): FeedValues {
  switch (values.kind) {
    case 'string':
      return { type: 'VARCHAR', bytes: values.bytes, offsets: values.offsets }
    case 'integer':
      return { type: 'BIGINT', numbers: values.numbers }
    case 'real':
      return { type: 'DOUBLE', numbers: values.numbers }
    case 'boolean':
      return { type: 'BOOLEAN', numbers: values.bits }
  }
}
