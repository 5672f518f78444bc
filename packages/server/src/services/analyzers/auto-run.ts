import type { Principal } from '../../auth/principal.ts'
import type { ImportService, StartedImport } from '../../import/import-service.ts'
import type { ServiceContext } from '../service-context.ts'
import type { AnalyzerService } from './analyzer-service.ts'

/**
 * Imports that are followed by the analyzers that are configured to run of themselves, when evidence came in and nothing else is
 * being imported into the timeline. Imports of the command line are not: its process ends with them.
 */
export function analyzeAfterImports(
  { log }: Pick<ServiceContext, 'log'>,
  imports: ImportService,
  analyzers: AnalyzerService,
): ImportService {
  const follow = async (principal: Principal, sketchId: number, { ended }: StartedImport): Promise<void> => {
    try {
      const job = await ended
      if (job.files.some((file) => file.stored > 0))
        await analyzers.runAfterImport(principal, sketchId, job.timelineId)
    } catch (error) {
      log.error({ err: error, sketchId }, 'analyzers could not be started after an import')
    }
  }
  return {
    ...imports,
    async start(principal, request) {
      const started = await imports.start(principal, request)
      if (principal.via !== 'local' && !request.moreFollows) void follow(principal, request.sketchId, started)
      return started
    },
  }
}
