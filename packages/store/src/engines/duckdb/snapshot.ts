import type { ImportProfile } from '@timeskein/model'
import { StoreError } from '../../store-error.ts'
import type { WantedTerms } from '../../text/terms/term-scan.ts'
import type {
  ChooseTerms,
  ChosenTerms,
  FieldCatalogue,
  FieldEntry,
  IndexSnapshot,
  Segment,
  SegmentTimes,
  TermFields,
  TermHit,
} from './index-handle.ts'
import { LAYOUT_FORMAT, READABLE_FORMATS } from './layout.ts'
import { loadMarks } from './marks/load-marks.ts'
import { MarkList } from './marks/mark-list.ts'
import type { SegmentDataSizes } from './sources/segment-data.ts'
import { inTransaction, type SqlSession } from './sql-session.ts'

/** Where a segment's times, hashes and words stand in the source file. */
export interface SegmentPlace {
  /** Which source file. */
  readonly generation: number
  readonly dataAt: number
  readonly sizes: SegmentDataSizes
}

/** A segment with what only the writing side needs of it. */
export interface StoredSegment extends Segment {
  readonly place: SegmentPlace
}

/** A snapshot with what only the writing side needs of it. */
export interface StoredSnapshot extends IndexSnapshot {
  readonly segments: readonly StoredSegment[]
  readonly nextSegment: number
  readonly sourceGeneration: number
  /** Import ids that the index knows. */
  readonly imports: ReadonlySet<string>
}

/** Reads what a segment has in the source file; given by the index, which has the file and the caches. */
export interface SegmentReads {
  readTimes(segmentId: number, place: SegmentPlace): Promise<SegmentTimes>
  findTerms(
    segmentId: number,
    place: SegmentPlace,
    wanted: WantedTerms,
    fields: TermFields,
  ): Promise<readonly TermHit[]>
  chooseTerms<Choice>(
    segmentId: number,
    place: SegmentPlace,
    choose: ChooseTerms<Choice>,
  ): Promise<ChosenTerms<Choice>>
  listsValues(segmentId: number, place: SegmentPlace, field: number): Promise<boolean>
}

/**
 * Reads what an index file says of itself.
 *
 * @param previous - Parts that cannot have changed since are taken from it: segments and marks' rows by their number.
 * @throws {StoreError} When the file is no index, or of another format.
 */
export async function loadSnapshot(
  session: SqlSession,
  schema: string,
  reads: SegmentReads,
  previous?: StoredSnapshot,
): Promise<StoredSnapshot> {
  return await inTransaction(session, () => readSnapshot(session, schema, reads, previous))
}

async function readSnapshot(
  session: SqlSession,
  schema: string,
  reads: SegmentReads,
  previous: StoredSnapshot | undefined,
): Promise<StoredSnapshot> {
  const meta = new Map<string, string>()
  for (const [key, value] of await session.rows(`SELECT key, value FROM ${schema}.meta`)) {
    meta.set(String(key), String(value))
  }
  const format = meta.get('format')
  if (!READABLE_FORMATS.includes(format ?? '')) {
    throw new StoreError(
      'wrong-format',
      `an index of format ${LAYOUT_FORMAT} is expected, format ${format ?? 'none'} was found: it was made by another version of Timeskein; use that one, or import its evidence again`,
    )
  }
  const sourceGeneration = Number(meta.get('source_generation'))
  const { segments, imports } = await loadSegments(session, schema, sourceGeneration, reads, previous)
  return {
    segments,
    imports,
    fields: await loadFields(session, schema),
    nextSeq: Number(meta.get('next_seq')),
    nextSegment: Number(meta.get('next_segment')),
    sourceGeneration,
    marks: await loadMarks(session, schema, previous?.marks ?? MarkList.of([])),
  }
}

async function loadSegments(
  session: SqlSession,
  schema: string,
  generation: number,
  reads: SegmentReads,
  previous: StoredSnapshot | undefined,
): Promise<{ segments: StoredSegment[]; imports: Set<string> }> {
  const profiles = new Map<string, ImportProfile>()
  for (const [id, profile] of await session.rows(`SELECT import_id, profile FROM ${schema}.imports`)) {
    profiles.set(String(id), readProfile(String(profile)))
  }
  const known = new Map(previous?.segments.map((segment) => [segment.id, segment]))
  const rows = await session.rows(
    `SELECT id, first_seq, row_count, timeline_id, import_id, min_us, max_us,
      data_at, times_size, nanos_size, order_size, hashes_size,
      field_ids_size, terms_size FROM ${schema}.segments ORDER BY first_seq`,
  )
  const segments = rows.map((row): StoredSegment => {
    const id = Number(row[0])
    const before = known.get(id)
    if (before?.place.generation === generation) return before
    const place: SegmentPlace = {
      generation,
      dataAt: Number(row[7]),
      sizes: {
        times: Number(row[8]),
        nanos: Number(row[9]),
        order: Number(row[10]),
        hashes: Number(row[11]),
        fieldIds: Number(row[12]),
        terms: Number(row[13]),
      },
    }
    const importId = String(row[4])
    return {
      id,
      firstSeq: Number(row[1]),
      rowCount: Number(row[2]),
      timelineId: Number(row[3]),
      importId,
      profile: profiles.get(importId) ?? { aliases: {}, constants: {} },
      minUs: row[5] as bigint,
      maxUs: row[6] as bigint,
      place,
      readTimes: () => reads.readTimes(id, place),
      findTerms: (wanted, fields) => reads.findTerms(id, place, wanted, fields),
      chooseTerms: (choose) => reads.chooseTerms(id, place, choose),
      listsValues: (field) => reads.listsValues(id, place, field),
    }
  })
  return { segments, imports: new Set(profiles.keys()) }
}

async function loadFields(session: SqlSession, schema: string): Promise<FieldCatalogue> {
  const kinds = new Map<number, Set<'s' | 'i' | 'r' | 'b'>>()
  for (const [field, kind] of await session.rows(`SELECT field, kind FROM ${schema}.wide_columns`)) {
    const id = Number(field)
    const known = kinds.get(id)
    // The column is written by this store with one of the four letters only.
    const letter = kind as 's' | 'i' | 'r' | 'b'
    if (known) known.add(letter)
    else kinds.set(id, new Set([letter]))
  }
  const entries: FieldEntry[] = []
  for (const [field, name] of await session.rows(`SELECT id, name FROM ${schema}.fields ORDER BY id`)) {
    const id = Number(field)
    entries.push({ id, name: String(name), wide: kinds.get(id) ?? new Set() })
  }
  return makeCatalogue(entries)
}

function makeCatalogue(entries: readonly FieldEntry[]): FieldCatalogue {
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  return {
    byName: (name) => byName.get(name),
    byId: (id) => byId.get(id),
    all: () => entries,
  }
}

function readProfile(text: string): ImportProfile {
  // The text was written by `JSON.stringify` of an import's profile.
  const profile = JSON.parse(text) as ImportProfile
  return Object.freeze({ aliases: profile.aliases, constants: profile.constants })
}
