import { enterImportedItems, isPlatformFile } from '../services/platform-items/enter-imported-items.ts'
import type { ServiceContext } from '../services/service-context.ts'
import type { ImportJob } from './import-service.ts'

/** Makes alerts, incidents and devices of the items of platforms that came with an import's files; what fails is a problem of the job. */
export async function enterItems(context: ServiceContext, ended: ImportJob): Promise<ImportJob> {
  const files = ended.files.filter((file) => isPlatformFile(file) && file.stored + file.duplicates > 0)
  try {
    for (const timelineId of new Set(files.map(({ timeline }) => timeline?.id ?? ended.timelineId)))
      await enterImportedItems(context, ended.sketchId, timelineId)
    return ended
  } catch (error) {
    context.log.error({ err: error, importId: ended.id }, 'items of platforms could not be entered')
    const why = error instanceof Error ? error.message : String(error)
    const problem = `The events are stored, but not all of the alerts, incidents and devices that they tell of (${why}); import again to complete them.`
    return { ...ended, problems: [...(ended.problems ?? []), problem] }
  }
}
