import type { FormatterDefinition } from '@timeskein/ingest'
import { isDomainError } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import type { ImportReading } from '../import-service.ts'
import { readFormatters } from './read-formatters.ts'

/** Under the folder of configuration: formatters as Plaso has them, or a file such as Timesketch's beside ours. */
const FORMATTERS = ['plaso_formatters', 'plaso_formatters.yaml']
/** Under the folder of configuration: the database of message resources that comes with Plaso. */
const RESOURCES = 'winevt-rc.db'

/**
 * Adds what the folder of configuration has for Plaso's storage files to what was said about reading, which counts more. Formatters
 * are read when a storage file is; of those that cannot be read the server's log tells.
 */
export async function addPlasoFiles(
  reading: ImportReading,
  { config, log }: Pick<ServiceContext, 'config' | 'log'>,
): Promise<ImportReading> {
  const resources = reading.messageResources ?? (await config.find(RESOURCES))
  return {
    ...reading,
    formatters: reading.formatters ?? (() => readServerFormatters({ config, log })),
    ...(resources === undefined ? {} : { messageResources: resources }),
  }
}

async function readServerFormatters({
  config,
  log,
}: Pick<ServiceContext, 'config' | 'log'>): Promise<readonly FormatterDefinition[] | undefined> {
  const definitions: FormatterDefinition[] = []
  for (const name of FORMATTERS) {
    const path = await config.find(name)
    if (path === undefined) continue
    try {
      const found = await readFormatters(path, (error) =>
        log.warn({ err: error }, 'a file of formatters could not be read'),
      )
      // Of the file only its own count where a folder is: that has all others.
      definitions.push(...(definitions.length === 0 ? found : found.filter(({ isOwn }) => !isOwn)))
    } catch (error) {
      if (!isDomainError(error)) throw error
      log.warn({ err: error }, 'formatters could not be read')
    }
  }
  return definitions.length === 0 ? undefined : definitions
}
