import { getPlatformKind, PLATFORM_KINDS, readPlatformItem } from '@timeskein/ingest/platforms'
import type { FileAccount } from '@timeskein/model'
import type { Query } from '@timeskein/query'
import { writeWithoutSync } from '../../db/sqlite-database.ts'
import { noteChange } from '../changes/note-change.ts'
import { findDefaultOrganisation } from '../organisations/organisation-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { findTimeline } from '../timelines/load-timelines.ts'
import type { PlatformEntry } from './platform-entry.ts'
import { storePlatformEntries } from './store-platform-entries.ts'

const KIND_NAMES: ReadonlySet<string> = new Set(PLATFORM_KINDS.map(({ name }) => name))
/** Events that are in memory at once. */
const PAGE_SIZE = 1000

/** Events that are more than events: no others are looked at. */
const IS_ITEM: Query = {
  kind: 'or',
  of: PLATFORM_KINDS.filter((kind) => kind !== getPlatformKind('sekoia-event')).map(({ dataType }) => ({
    kind: 'term',
    field: 'data_type.keyword',
    value: dataType,
  })),
}

/** Whether a file held items of a platform. */
export function isPlatformFile({ format }: Pick<FileAccount, 'format'>): boolean {
  return KIND_NAMES.has(format.split('/').at(-1) ?? '')
}

/**
 * Makes the alerts, incidents and devices of items of platforms that files brought into a timeline, as a pull of them would; of
 * events that were there before, too, which makes no difference.
 */
export async function enterImportedItems(
  context: ServiceContext,
  sketchId: number,
  timelineId: number,
): Promise<void> {
  const { db, store } = context
  const timeline = await findTimeline(db, timelineId)
  if (!timeline) return
  const organisationId = await findDefaultOrganisation(db)
  const scope = [{ index: timeline.searchIndex.indexName, timelineIds: [timelineId] }]
  // What alerts name must be there before them, in whichever order the files had it.
  for (const isAlertTurn of [false, true]) {
    for await (const events of store.scan({ scope, query: IS_ITEM, pageSize: PAGE_SIZE })) {
      const entries = events.flatMap(({ id, index, source }): PlatformEntry[] => {
        const item = readPlatformItem(JSON.parse(source) as Record<string, unknown>)
        if (!item || (item.entries.alert !== undefined) !== isAlertTurn) return []
        return [{ ...item, event: { index, id } }]
      })
      if (entries.length === 0) continue
      // The end of the import waits for the disk, and with it for all of this.
      await writeWithoutSync(db, (transaction) =>
        storePlatformEntries(transaction, entries, {
          sketchId,
          timelineId,
          organisationId,
          nowMs: context.now(),
        }),
      )
    }
  }
  await noteChange(context, sketchId, 'alerts')
}
