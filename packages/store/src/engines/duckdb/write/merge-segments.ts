import { encodePostings, forEachPosting } from '../../../text/postings.ts'
import { findSpan, orderByTime } from '../../../time-order.ts'
import type { IndexFile } from '../index-file.ts'
import type { IndexLease } from '../index-files.ts'
import type { FeedColumn } from '../row-feed.ts'
import type { StoredSegment } from '../snapshot.ts'
import { packSegmentData } from '../sources/segment-data.ts'
import { inTransaction, type SqlSession } from '../sql-session.ts'
import { planMerges } from './plan-merges.ts'
import { removeStaleTerms } from './stale-terms.ts'

/**
 * Makes runs of small segments one each, when there are many, without changing any row or its number.
 *
 * A question that is under way has the old segments in its hand and will look their words up, so the words of merged segments
 * stay until nobody can be asking for them: here, when the lease is the only one, or when the index is next opened.
 */
export async function mergeSegments(lease: IndexLease): Promise<void> {
  const index = lease.file
  await index.importQueue.run(async () => {
    const runs = planMerges(index.snapshot.segments)
    if (runs.length === 0) return
    await index.sourceFile.rollback()
    await index.database.withSession((session) =>
      inTransaction(session, async () => {
        let id = index.snapshot.nextSegment
        for (const run of runs) await mergeRun(session, index, run, id++)
        const meta = { next_segment: id, source_end: index.sourceFile.end, stale_terms: 1 }
        for (const [key, value] of Object.entries(meta)) {
          await session.run(`INSERT OR REPLACE INTO ${index.schema}.meta VALUES (?, ?)`, [key, String(value)])
        }
        await index.sourceFile.sync()
      }),
    )
    index.sourceFile.markCommitted()
    await index.refresh()
    if (lease.isAlone) await index.database.withSession((session) => removeStaleTerms(session, index.schema))
  })
}

async function mergeRun(
  session: SqlSession,
  index: IndexFile,
  run: readonly StoredSegment[],
  id: number,
): Promise<void> {
  const { schema, sourceFile } = index
  const first = run[0]!
  const rowCount = run.reduce((sum, segment) => sum + segment.rowCount, 0)
  const timesUs = new BigInt64Array(rowCount)
  const nanos = new Uint16Array(rowCount)
  const hashes = new BigUint64Array(rowCount)
  for (const segment of run) {
    const at = segment.firstSeq - first.firstSeq
    const times = await segment.readTimes()
    timesUs.set(times.timesUs, at)
    if (times.nanos) nanos.set(times.nanos, at)
    hashes.set(await index.readHashes(segment.place), at)
  }
  const usedNanos = nanos.some((value) => value > 0) ? nanos : undefined
  const data = packSegmentData({ timesUs, nanos: usedNanos, order: orderByTime(timesUs, usedNanos) }, hashes)
  const frames = [data.times, data.nanos, data.order, data.hashes]
  const dataAt = await sourceFile.append(frames.filter((frame) => frame !== undefined))
  await mergeTerms(session, index, run, id)
  const span = findSpan(timesUs)
  const ids = run.map((segment) => segment.id).join(', ')
  await session.run(`UPDATE ${schema}.blocks SET segment = ${id} WHERE segment IN (${ids})`)
  await session.run(`DELETE FROM ${schema}.segments WHERE id IN (${ids})`)
  await session.run(`INSERT INTO ${schema}.segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
    id,
    first.firstSeq,
    rowCount,
    first.timelineId,
    first.importId,
    span.first,
    span.last,
    dataAt,
    ...frames.map((frame) => frame?.length ?? 0),
  ])
}

async function mergeTerms(
  session: SqlSession,
  index: IndexFile,
  run: readonly StoredSegment[],
  id: number,
): Promise<void> {
  const bases = new Map(run.map((segment) => [segment.id, segment.firstSeq - run[0]!.firstSeq]))
  const draft = new TermsDraft()
  const sql = `SELECT token, field, segment, postings FROM ${index.schema}.terms
    WHERE segment IN (${[...bases.keys()].join(', ')}) ORDER BY token, field, segment`
  for await (const { rowCount, columns } of session.query(sql)) {
    const [tokens, fields, segments, postings] = columns
    for (let i = 0; i < rowCount; i++) {
      // Columns of these types by the layout.
      const base = bases.get(segments![i] as number)!
      draft.add(tokens![i] as string, fields![i] as number, postings![i] as Uint8Array, base)
    }
  }
  const columns = draft.finish()
  if (draft.count === 0) return
  using held = index.database.feed.hold(columns, draft.count)
  await session.run(
    `INSERT INTO ${index.schema}.terms BY NAME
      SELECT ${id} AS segment, token, field, row_count, postings FROM ${held.sql}`,
  )
}

/** Puts together what comes in the order of token, field and row. */
class TermsDraft {
  readonly #tokens: Buffer[] = []
  readonly #fields: number[] = []
  readonly #counts: number[] = []
  readonly #postings: Uint8Array[] = []
  #token: string | undefined
  #field = 0
  #rows: number[] = []

  get count(): number {
    return this.#fields.length
  }

  add(token: string, field: number, postings: Uint8Array, base: number): void {
    if (token !== this.#token || field !== this.#field) {
      this.#finishPair()
      this.#token = token
      this.#field = field
    }
    forEachPosting(postings, base, (row) => this.#rows.push(row))
  }

  finish(): FeedColumn[] {
    this.#finishPair()
    const rows = undefined
    return [
      { name: 'token', type: 'VARCHAR', rows, ...joinBytes(this.#tokens) },
      { name: 'field', type: 'INTEGER', rows, numbers: Int32Array.from(this.#fields) },
      { name: 'row_count', type: 'UINTEGER', rows, numbers: Uint32Array.from(this.#counts) },
      { name: 'postings', type: 'BLOB', rows, ...joinBytes(this.#postings) },
    ]
  }

  #finishPair(): void {
    if (this.#token === undefined) return
    this.#tokens.push(Buffer.from(this.#token))
    this.#fields.push(this.#field)
    this.#counts.push(this.#rows.length)
    this.#postings.push(encodePostings(Uint32Array.from(this.#rows)))
    this.#token = undefined
    this.#rows = []
  }
}

function joinBytes(parts: readonly Uint8Array[]): { bytes: Uint8Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(parts.length + 1)
  for (const [i, part] of parts.entries()) offsets[i + 1] = offsets[i]! + part.length
  return { bytes: Buffer.concat(parts), offsets }
}
