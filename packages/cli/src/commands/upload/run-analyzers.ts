import type { Effects } from '../../effects.ts'
import { lines, prose } from '../../output/prose.ts'
import type { TimesketchAccess } from '../../timesketch/open-timesketch.ts'
import { runAnalyses } from '../../timesketch/run-analyses.ts'

/** Runs analyzers over timelines, waits for them, and tells how each ended. @returns Whether none failed. */
export async function runAnalyzers(
  access: TimesketchAccess,
  sketchId: number,
  timelineIds: readonly number[],
  names: readonly string[],
  effects: Effects,
): Promise<boolean> {
  const ended = await runAnalyses(access, sketchId, { names, timelineIds })
  if (ended.length === 0)
    effects.writeError(prose`no analyzer was started: they ran before, or there is none such\n`)
  effects.writeError(
    lines(
      ended.map(
        ({ analyzerName, timelineName, status, result }) =>
          prose`${analyzerName} on ${timelineName}: ${status}${result === undefined ? '' : `, ${result}`}`,
      ),
    ),
  )
  return ended.every(({ status }) => status !== 'ERROR')
}
