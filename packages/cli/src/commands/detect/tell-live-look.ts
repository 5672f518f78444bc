import type { DetectionCalls } from '../../backend/detection-calls.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { prose } from '../../output/prose.ts'
import { tellWhenSlow } from '../../progress/tell-when-slow.ts'
import { describeLiveReport } from './describe-report.ts'

/** How long an import waits for its look without a word. */
const PATIENCE_MS = 2000

/** Waits until the sketch's rules have looked at what came, and says what they found; Ctrl-C ends the waiting. */
export async function tellLiveLook(
  backend: Pick<DetectionCalls, 'looksInProcess' | 'waitForDetection'>,
  sketchId: number,
  call: CommandCall,
  effects: Effects,
): Promise<void> {
  const tellWaiting = (): void => {
    if (call.flag('quiet')) return
    const leaving = backend.looksInProcess
      ? 'Ctrl-C leaves that for the next time'
      : 'the server goes on with that after Ctrl-C'
    effects.writeError(prose`stored; the sketch's rules look at what came (${leaving})\n`)
  }
  try {
    const look = backend.waitForDetection(sketchId, effects.signal)
    const found = await tellWhenSlow(look, PATIENCE_MS, tellWaiting)
    if (found && found.hits > 0 && !call.flag('json') && !call.flag('quiet'))
      await effects.writeOut(describeLiveReport(found))
  } catch (error) {
    // What was imported is stored; the next look goes on where this one would have begun.
    if (!effects.signal.aborted) throw error
  }
}
