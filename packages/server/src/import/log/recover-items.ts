import type { FileAccount } from '@timeskein/model'
import type { Selectable } from 'kysely'
import type { ImportRow } from '../../db/schema.ts'
import { isOutOfRoom } from '../../errors/out-of-room.ts'
import { enterImportedItems } from '../../services/platform-items/enter-imported-items.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import { MAX_CUT_OFFS } from '../accepted/due-imports.ts'
import { findItemTimelines, noteItemTries } from './due-items.ts'
import { nameImport } from './recover-imports.ts'

/** What became of items of platforms that were still to be entered when the process ended. */
export interface RecoveredItems {
  readonly code: 'items-entered' | 'items-due'
  readonly severity: 'info' | 'warning'
  readonly message: string
}

/**
 * Enters the items of platforms of imports that have ended and of which it is not noted that all of their alerts, incidents and devices
 * were made, being cut off before, or the disk full then: all of them again, which makes no difference to those that are there. Of
 * timelines that are no longer in their sketch, and of sketches that were deleted, there is nothing to enter.
 */
export async function recoverItems(context: ServiceContext): Promise<readonly RecoveredItems[]> {
  const rows = await context.db
    .selectFrom('imports')
    .selectAll()
    .where('items_tries', 'is not', null)
    .$narrowType<{ items_tries: number }>()
    .orderBy('ordinal')
    .execute()
  const recovered: (RecoveredItems | undefined)[] = []
  for (const row of rows) recovered.push(await enterAgain(context, row))
  return recovered.filter((one) => one !== undefined)
}

async function enterAgain(
  context: ServiceContext,
  row: Selectable<ImportRow> & { items_tries: number },
): Promise<RecoveredItems | undefined> {
  const { db, log } = context
  const { id: importId, items_tries: tries } = row
  try {
    const timelineIds = await listTimelinesInPlace(context, row)
    if (timelineIds.length === 0) {
      await noteItemTries(db, importId, null)
      return undefined
    }
    const what = `${await nameImport(context, row)} has no note that all of the alerts, incidents and devices that its events tell of were entered before the process ended`
    if (tries >= MAX_CUT_OFFS) {
      await noteItemTries(db, importId, null)
      const message = `${what}, and ${tries} starts since did not come to the end of it: import again.`
      return { code: 'items-due', severity: 'warning', message }
    }
    // Before it is begun: it may be what ends the process.
    await noteItemTries(db, importId, tries + 1)
    let count = 0
    for (const timelineId of timelineIds)
      count += await enterImportedItems(context, row.sketch_id, timelineId)
    await noteItemTries(db, importId, null)
    // Of an import of which nothing is known but that it is stored there may have been none.
    if (count === 0) return undefined
    return { code: 'items-entered', severity: 'info', message: `${what}: all of them are entered now.` }
  } catch (error) {
    log.error({ err: error, importId }, 'items of platforms could not be entered')
    // A disk that is full says nothing of the items. Where this is not noted either, it is one try less.
    if (isOutOfRoom(error)) await noteItemTries(db, importId, tries).catch(() => {})
    const why = error instanceof Error ? error.message : String(error)
    const message = `The alerts, incidents and devices that the events of import ${importId} tell of could not all be entered (${why}): the next start tries again.`
    return { code: 'items-due', severity: 'warning', message }
  }
}

/** Those of an import's timelines with items that are where it put them. */
async function listTimelinesInPlace(
  { db }: ServiceContext,
  row: Selectable<ImportRow>,
): Promise<readonly number[]> {
  const files = JSON.parse(row.files_json) as FileAccount[]
  const timelineIds = await findItemTimelines(db, { importId: row.id, timelineId: row.timeline_id, files })
  if (timelineIds.length === 0) return []
  const found = await db
    .selectFrom('timelines')
    .innerJoin('sketches', 'sketches.id', 'timelines.sketch_id')
    .select('timelines.id')
    .where('timelines.id', 'in', timelineIds)
    .where('sketches.id', '=', row.sketch_id)
    .where('sketches.status', '!=', 'deleted')
    .where('timelines.status', '!=', 'deleted')
    .orderBy('timelines.id')
    .execute()
  return found.map(({ id }) => id)
}
