import { findSystemCode } from '../errors/system-code.ts'
import { enterImportedItems } from '../services/platform-items/enter-imported-items.ts'
import type { ServiceContext } from '../services/service-context.ts'
import type { ImportJob } from './import-service.ts'
import { findItemTimelines, noteItemTries } from './log/due-items.ts'

/**
 * Makes alerts, incidents and devices of the items of platforms that came with an import, whose end in the log says that they are to be
 * made; what fails is a problem of the job, and left to the next start.
 */
export async function enterItems(context: ServiceContext, ended: ImportJob): Promise<ImportJob> {
  const { db, log } = context
  const { id: importId, sketchId, timelineId, files } = ended
  try {
    const timelineIds = await findItemTimelines(db, { importId, timelineId, files })
    for (const id of timelineIds) await enterImportedItems(context, sketchId, id)
    if (timelineIds.length > 0) await noteItemTries(db, importId, null)
    return ended
  } catch (error) {
    log.error({ err: error, importId }, 'items of platforms could not be entered')
    const why = error instanceof Error ? error.message : String(error)
    const problem = `The events are stored, but not all of the alerts, incidents and devices that they tell of (${why}): the next start on this data directory enters the rest, as does importing again.`
    const errorCode = ended.errorCode ?? findSystemCode(error)
    return {
      ...ended,
      problems: [...(ended.problems ?? []), problem],
      ...(errorCode === undefined ? {} : { errorCode }),
    }
  }
}
