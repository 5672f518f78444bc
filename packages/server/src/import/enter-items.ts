import { findSystemCode } from '../errors/system-code.ts'
import { enterImportedItems } from '../services/platform-items/enter-imported-items.ts'
import type { ServiceContext } from '../services/service-context.ts'
import type { ImportJob } from './import-service.ts'
import { findItemTimelines, noteItemTries } from './log/due-items.ts'
import type { UnrecordedEnds } from './log/unrecorded-ends.ts'

/**
 * Makes alerts, incidents and devices of the items of platforms that came with an import, whose end in the log says that they are to be
 * made; what fails is a problem of the job, and left to the next start.
 *
 * @param unrecorded - Told when all are made, for an import whose end the log does not have.
 */
export async function enterItems(
  context: ServiceContext,
  ended: ImportJob,
  unrecorded: Pick<UnrecordedEnds, 'noteItemsEntered'>,
): Promise<ImportJob> {
  const { db, log } = context
  const { id: importId, sketchId, timelineId, files } = ended
  try {
    const timelineIds = await findItemTimelines(db, { importId, timelineId, files })
    for (const id of timelineIds) await enterImportedItems(context, sketchId, id)
    if (timelineIds.length === 0) return ended
    unrecorded.noteItemsEntered(importId)
    await noteItemTries(db, importId, null).catch((error: unknown) =>
      // The next start enters all of them again, which makes no difference.
      log.warn({ err: error, importId }, 'it could not be noted that items of platforms are entered'),
    )
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
