import { type AnalyzerSettings, readSettings } from '@timeskein/analyze'
import type { ServiceContext } from '../service-context.ts'

/**
 * What the files of the configuration folder say to analyzers: `analyzers.yaml`, and rules in Timesketch's formats in `tags.yaml`,
 * `regex_features.yaml` (or, as of old, `features.yaml`) and `winevt_features.yaml`. What is wrong in them is in the server's log.
 */
export async function loadSettings({
  config,
  log,
}: Pick<ServiceContext, 'config' | 'log'>): Promise<AnalyzerSettings> {
  const read = async (path: string): Promise<unknown> => (await config.readFile(path))?.value
  const { settings, problems } = readSettings({
    analyzers: await read('analyzers.yaml'),
    tags: await read('tags.yaml'),
    regexFeatures: (await read('regex_features.yaml')) ?? (await read('features.yaml')),
    eventFeatures: await read('winevt_features.yaml'),
  })
  for (const problem of problems) log.warn({ problem }, 'a setting of the analyzers could not be read')
  return settings
}
