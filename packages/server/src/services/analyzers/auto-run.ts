import type { ResumedImport } from '../../import/create-import-service.ts'
import type { ImportService } from '../../import/import-service.ts'
import type { ServiceContext } from '../service-context.ts'
import type { AnalyzerService } from './analyzer-service.ts'

/**
 * Imports that are followed by the analyzers that are configured to run of themselves, when evidence came in and nothing else is
 * being imported into the timeline. Imports of the command line are not: its process ends with them.
 */
export function analyzeAfterImports(
  context: Pick<ServiceContext, 'log'>,
  imports: ImportService,
  analyzers: AnalyzerService,
): ImportService {
  return {
    ...imports,
    async start(principal, request) {
      const started = await imports.start(principal, request)
      if (principal.via !== 'local') void analyzeAfter(context, analyzers, { principal, request, ...started })
      return started
    },
  }
}

/** Runs the analyzers that are configured to run of themselves when an import has brought something, unless more of it follows; never rejects. */
export async function analyzeAfter(
  { log }: Pick<ServiceContext, 'log'>,
  analyzers: AnalyzerService,
  { principal, request, ended }: ResumedImport,
): Promise<void> {
  const { sketchId, moreFollows } = request
  try {
    if (moreFollows) return
    const job = await ended
    if (job.files.some((file) => file.stored > 0))
      await analyzers.runAfterImport(principal, sketchId, job.timelineId)
  } catch (error) {
    log.error({ err: error, sketchId }, 'analyzers could not be started after an import')
  }
}
