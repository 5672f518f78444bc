import type { SolRow } from '@timeskein/analyze/sol'
import { SOL_RESULTS_TTL_MS, type SolRun } from './sol-service.ts'

/** Runs of one user that have ended and are kept; the oldest one goes first. */
export const MAX_ENDED_RUNS = 50
/** How long after its end it is known of a run that there was one. */
const KNOWN_MS: number = 4 * SOL_RESULTS_TTL_MS

/** A run that is under way or has ended. */
export interface KeptRun {
  readonly userId: number
  /** Sketches that it may have read. */
  sketchIds: readonly number[]
  status: SolRun['status']
  problem: string | undefined
  rows: readonly SolRow[]
  warnings: readonly string[]
  endedAtMs: number | undefined
}

/** Runs of all users. One that is under way is always kept, and nobody's runs make room for another one's. */
export class KeptRuns {
  readonly #now: () => number
  /** In the order they began. */
  readonly #runs = new Map<string, KeptRun>()

  /** @param now - Milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Keeps a run that begins. */
  begin(uid: string, userId: number): KeptRun {
    this.sweep()
    const run: KeptRun = {
      userId,
      sketchIds: [],
      status: 'running',
      problem: undefined,
      rows: [],
      warnings: [],
      endedAtMs: undefined,
    }
    this.#runs.set(uid, run)
    return run
  }

  /** Drops what a run that has just ended leaves no room for. */
  end(run: KeptRun): void {
    run.endedAtMs = this.#now()
    const ended = [...this.#runs].filter(
      ([, { userId, endedAtMs }]) => userId === run.userId && endedAtMs !== undefined,
    )
    for (const [uid] of ended.slice(0, Math.max(0, ended.length - MAX_ENDED_RUNS))) this.#runs.delete(uid)
  }

  get(uid: string): KeptRun | undefined {
    this.sweep()
    return this.#runs.get(uid)
  }

  /** Runs of a user that are under way. */
  countRunning(userId: number): number {
    return [...this.#runs.values()].filter((run) => run.userId === userId && run.status === 'running').length
  }

  /** Drops rows that have expired, and in time their runs. */
  sweep(): void {
    const nowMs = this.#now()
    for (const [uid, run] of this.#runs) {
      if (run.endedAtMs === undefined || nowMs - run.endedAtMs <= SOL_RESULTS_TTL_MS) continue
      expire(run)
      if (nowMs - run.endedAtMs > KNOWN_MS) this.#runs.delete(uid)
    }
  }
}

/** Takes the rows from a run. */
export function expire(run: KeptRun): void {
  run.rows = []
  run.status = 'expired'
}
