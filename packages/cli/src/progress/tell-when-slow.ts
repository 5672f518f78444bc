import type { CommandCall } from '../command.ts'
import type { Effects } from '../effects.ts'
import { lines } from '../output/prose.ts'

/** How long work goes on without a word. */
const PATIENCE_MS = 2000

/** Waits for work that has no progress to show; when that takes long, a line on standard error says what is waited for. */
export async function tellWhenSlow<Result>(
  work: Promise<Result>,
  waitingFor: string,
  call: CommandCall,
  effects: Pick<Effects, 'writeError'>,
): Promise<Result> {
  if (call.flag('quiet')) return await work
  const timer = setTimeout(() => effects.writeError(lines([waitingFor])), PATIENCE_MS)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}
