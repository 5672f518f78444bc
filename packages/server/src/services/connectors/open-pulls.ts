import type { PullProgress } from './connector-service.ts'

/** A pull that runs. */
export interface RunningPull {
  readonly sinceMs: number
  /** Items that it has read so far. */
  readonly read: number
  /** What was wrong before it began; empty where nothing was. */
  readonly problemBefore: string
}

/** A pull that was asked for; to be disposed of when it has ended. */
export interface OpenPull extends Disposable {
  /** Ends it, whether or not its turn has come. */
  readonly signal: AbortSignal
  /** Notes that its turn has come. @returns What is told of its progress. */
  start(connector: { readonly problem: string }, nowMs: number): (step: PullProgress) => void
}

interface Entry {
  readonly ending: AbortController
  running: RunningPull | undefined
}

/** Pulls that were asked for and have not ended, by their connectors' names: of each one runs, and others wait for their turn. */
export class OpenPulls {
  readonly #entries = new Map<string, Set<Entry>>()

  /** @param signals - What ends it beside `end`. */
  add(name: string, signals: readonly AbortSignal[]): OpenPull {
    const entry: Entry = { ending: new AbortController(), running: undefined }
    const entries = this.#entries.get(name) ?? new Set()
    this.#entries.set(name, entries.add(entry))
    return {
      signal: AbortSignal.any([entry.ending.signal, ...signals]),
      start({ problem }, nowMs) {
        const read = new Map<string, number>()
        entry.running = { sinceMs: nowMs, read: 0, problemBefore: problem }
        return (step) => {
          read.set(step.stream, step.read)
          const sum = read.values().reduce((total, count) => total + count, 0)
          entry.running = { sinceMs: nowMs, read: sum, problemBefore: problem }
        }
      },
      [Symbol.dispose]: () => {
        entries.delete(entry)
        if (entries.size === 0 && this.#entries.get(name) === entries) this.#entries.delete(name)
      },
    }
  }

  /** Ends all of a connector, those that wait, too. */
  end(name: string, reason: Error): void {
    for (const { ending } of this.#entries.get(name) ?? []) ending.abort(reason)
  }

  findRunning(name: string): RunningPull | undefined {
    for (const { running } of this.#entries.get(name) ?? []) if (running) return running
    return undefined
  }
}
