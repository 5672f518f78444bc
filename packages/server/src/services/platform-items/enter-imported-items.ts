import { getPlatformKind, PLATFORM_KINDS } from '@timeskein/ingest/platforms'
import type { FileAccount } from '@timeskein/model'
import type { Query } from '@timeskein/query'
import { noteChange } from '../changes/note-change.ts'
import { findDefaultOrganisation } from '../organisations/organisation-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { findTimeline } from '../timelines/load-timelines.ts'
import { STORE_IMPORTED_ITEMS } from './store-imported-items.ts'

const KIND_NAMES: ReadonlySet<string> = new Set(PLATFORM_KINDS.map(({ name }) => name))
/** Events that are in memory at once. */
const PAGE_SIZE = 1000

/** Events that are more than events, by what must be there first: devices and incidents, then alerts, which name them. */
const TURNS: readonly Query[] = [false, true].map((isAlertTurn) => ({
  kind: 'or',
  of: PLATFORM_KINDS.filter(
    (kind) => kind !== getPlatformKind('sekoia-event') && isOfAlerts(kind) === isAlertTurn,
  ).map(({ dataType }) => ({ kind: 'term', field: 'data_type.keyword', value: dataType })),
}))

/** Items of a sort are alerts or are none, whatever they say. */
function isOfAlerts(kind: (typeof PLATFORM_KINDS)[number]): boolean {
  return kind.toEntries({}).alert !== undefined
}

/** Whether a file held items of a platform. */
export function isPlatformFile({ format }: Pick<FileAccount, 'format'>): boolean {
  return KIND_NAMES.has(format.split('/').at(-1) ?? '')
}

/**
 * Makes the alerts, incidents and devices of items of platforms that files brought into a timeline, as a pull of them would; of
 * events that were there before, too, which makes no difference.
 *
 * @returns How many events there are that are more than events.
 */
export async function enterImportedItems(
  context: ServiceContext,
  sketchId: number,
  timelineId: number,
): Promise<number> {
  const { db, store } = context
  const timeline = await findTimeline(db, timelineId)
  if (timeline?.sketchId !== sketchId) return 0
  const organisationId = await findDefaultOrganisation(db)
  const scope = [{ index: timeline.searchIndex.indexName, timelineIds: [timelineId] }]
  let count = 0
  for (const query of TURNS) {
    for await (const events of store.scan({ scope, query, pageSize: PAGE_SIZE })) {
      // The end of the import waits for the disk, and with it for all of this.
      await context.writeInThread(STORE_IMPORTED_ITEMS, {
        events: events.map(({ id, index, source }) => ({ id, index, source })),
        place: { sketchId, timelineId, organisationId, nowMs: context.now() },
      })
      count += events.length
    }
  }
  await noteChange(context, sketchId, 'alerts')
  return count
}
