import type { DetectionCalls } from '../../backend/detection-calls.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { tellWhenSlow } from '../../progress/tell-when-slow.ts'
import { describeLiveReport } from './describe-report.ts'

/** Waits until the sketch's rules have looked at what came, and says what they found; Ctrl-C ends the waiting. */
export async function tellLiveLook(
  backend: Pick<DetectionCalls, 'looksInProcess' | 'waitForDetection'>,
  sketchId: number,
  call: CommandCall,
  effects: Effects,
): Promise<void> {
  const leaving = backend.looksInProcess
    ? 'Ctrl-C leaves that for the next time'
    : 'the server goes on with that after Ctrl-C'
  try {
    const found = await tellWhenSlow(
      backend.waitForDetection(sketchId, effects.signal),
      `stored; the sketch's rules look at what came (${leaving})`,
      call,
      effects,
    )
    if (found && found.hits > 0 && !call.flag('json') && !call.flag('quiet'))
      await effects.writeOut(describeLiveReport(found))
  } catch (error) {
    // What was imported is stored; the next look goes on where this one would have begun.
    if (!effects.signal.aborted) throw error
  }
}
