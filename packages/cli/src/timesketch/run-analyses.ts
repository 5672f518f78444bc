import type { Analysis, AnalysisSession, AnalyzerRun } from '@timeskein/sdk'
import type { TimesketchAccess } from './open-timesketch.ts'

/** How far analyses are. */
export interface AnalysesProgress {
  readonly done: number
  readonly total: number
}

/**
 * Runs analyzers and waits for them.
 *
 * @param onProgress - Told when some have ended.
 * @returns Each with its end; none where nothing was started.
 */
export async function runAnalyses(
  { timesketch, options }: TimesketchAccess,
  sketchId: number,
  run: AnalyzerRun,
  onProgress: (progress: AnalysesProgress) => void = () => {},
): Promise<readonly Analysis[]> {
  const { analyzers } = timesketch.sketch(sketchId)
  const sessions = new Map<number, AnalysisSession>()
  for (const session of await analyzers.run(run, options)) sessions.set(session.id, session)
  for (const id of sessions.keys())
    for await (const session of analyzers.watch(id, options)) {
      sessions.set(id, session)
      const all = [...sessions.values()].flatMap(({ analyses }) => analyses)
      onProgress({ done: all.filter(({ status }) => isEnded(status)).length, total: all.length })
    }
  return [...sessions.values()].flatMap(({ analyses }) => analyses)
}

function isEnded(status: string): boolean {
  return status === 'DONE' || status === 'ERROR'
}
