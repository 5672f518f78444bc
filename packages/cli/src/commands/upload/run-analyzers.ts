import type { Analysis } from '@timeskein/sdk'
import type { Effects } from '../../effects.ts'
import { lines, prose } from '../../output/prose.ts'
import type { TimesketchAccess } from '../../timesketch/open-timesketch.ts'

/** Runs analyzers over timelines, waits for them, and tells how each ended. @returns Whether none failed. */
export async function runAnalyzers(
  { timesketch, options }: TimesketchAccess,
  sketchId: number,
  timelineIds: readonly number[],
  names: readonly string[],
  effects: Effects,
): Promise<boolean> {
  const { analyzers } = timesketch.sketch(sketchId)
  const sessions = await analyzers.run({ names, timelineIds }, options)
  if (sessions.length === 0)
    effects.writeError(prose`no analyzer was started: they ran before, or there is none such\n`)
  const ended: Analysis[] = []
  for (const { id } of sessions) {
    const states = await Array.fromAsync(analyzers.watch(id, options))
    ended.push(...(states.at(-1)?.analyses ?? []))
  }
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
