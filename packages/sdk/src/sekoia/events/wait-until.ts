import { TimeLimitError } from '../../errors/time-limit-error.ts'
import { waitMs } from '../../transport/wait.ts'

/** The first waits are short: most work is done at once. */
const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 1000

/** How long work on the platform is waited for. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined
  /** Milliseconds until waiting fails with a `TimeLimitError`; the work goes on. @default 600,000 */
  readonly waitMs?: number | undefined
}

/**
 * Looks again and again, at most once a second, until work has ended.
 *
 * @param what - What is waited for, for the error.
 */
export async function waitUntil<Work>(
  what: string,
  look: () => Promise<Work>,
  hasEnded: (work: Work) => boolean,
  options: WaitOptions = {},
): Promise<Work> {
  const limitMs = options.waitMs ?? 600_000
  const endMs = Date.now() + limitMs
  for (let pauseMs = FIRST_WAIT_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_WAIT_MS)) {
    const work = await look()
    if (hasEnded(work)) return work
    if (Date.now() + pauseMs > endMs) throw new TimeLimitError(what, limitMs)
    await waitMs(pauseMs, options.signal)
  }
}
