import type { Principal } from '../../auth/principal.ts'
import { ignoringGone } from '../search-indexes/stored-timelines.ts'
import type { ServiceContext } from '../service-context.ts'
import { FILLED_INDEX_EVENTS, LARGE_SOURCE_BYTES, MAX_SOURCE_INDEXES } from './limits.ts'
import { listTimelines } from './load-timelines.ts'
import type { Timeline } from './timeline-service.ts'

/** An index record of one of these states takes no new events. */
export const UNUSABLE: ReadonlySet<string> = new Set(['deleted', 'archived'])

/** What is to go to an index. */
export interface TimelineWish {
  readonly name: string
  /** Only an index with this label will do; without it only one that has none. */
  readonly dataLabel?: string
  /** Of what will be imported, as far as that is known. */
  readonly sizeBytes?: number
}

/**
 * An index of the sketch that a timeline's events go to, and that the caller may write to, since an import changes its record: the first,
 * or without a label the one that has the timeline already.
 *
 * @returns The number of its record; undefined where there is none, or where what comes is large and each of them has events.
 */
export async function chooseSketchIndex(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  { name, dataLabel, sizeBytes = 0 }: TimelineWish,
): Promise<number | undefined> {
  const indexes = await listFitting(context, principal, sketchId, dataLabel)
  if (dataLabel !== undefined) return indexes[0]?.id
  const known = indexes.find(({ timelines }) => timelines.some((timeline) => timeline.name === name))
  if (known) return known.id
  const isOneMore = sizeBytes >= LARGE_SOURCE_BYTES && indexes.length < MAX_SOURCE_INDEXES
  if (!isOneMore) return indexes[0]?.id
  for (const { id, timelines } of indexes)
    if (await hasRoom(context, timelines[0]!.searchIndex.indexName)) return id
  return undefined
}

/** An index of a sketch with the timelines that live in it. */
interface SketchIndex {
  readonly id: number
  readonly timelines: readonly Timeline[]
}

/** In the order of the sketch's timelines. */
async function listFitting(
  { db, access }: ServiceContext,
  principal: Principal,
  sketchId: number,
  dataLabel: string | undefined,
): Promise<readonly SketchIndex[]> {
  const usable = (await listTimelines(db, sketchId)).filter(
    ({ status, searchIndex }) => !UNUSABLE.has(status) && !UNUSABLE.has(searchIndex.status),
  )
  const fitting: SketchIndex[] = []
  for (const [id, timelines] of Map.groupBy(usable, ({ searchIndex }) => searchIndex.id)) {
    const { labels } = timelines[0]!.searchIndex
    const carries =
      dataLabel === undefined
        ? labels.length === 0
        : labels.some((label) => label.toLowerCase() === dataLabel.toLowerCase())
    if (carries && (await access.searchIndexPermissions(principal, id)).write) fitting.push({ id, timelines })
  }
  return fitting
}

/** Whether few events are in it. One that the store lost takes none: a source that may have another does not fail by it. */
async function hasRoom({ store }: ServiceContext, indexName: string): Promise<boolean> {
  const timelines = await ignoringGone(store.describeTimelines(indexName))
  return (
    timelines !== undefined &&
    timelines.reduce((sum, { eventCount }) => sum + eventCount, 0) < FILLED_INDEX_EVENTS
  )
}
