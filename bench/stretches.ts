import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type StretchJob, StretchRunner } from '../packages/ingest/src/pipeline/stretch.ts'
import { BatchSpace } from '../packages/model/src/batch-space.ts'
import { median } from './figures.ts'

/** Room for what is made of one stretch. */
const ROOM_BYTES: number = 96 * 1024 * 1024
/** Threads that read in an import. */
export const READING_THREADS = 2
const RUNS = 21
const WARM_UP_RUNS = 3

/** Reads the same stretches again and again as a thread of an import does: by one reader, into memory that is used again. */
export class StretchLoop {
  readonly #jobs: readonly StretchJob[]
  readonly #space = new BatchSpace()
  readonly #runner = new StretchRunner(this.#space)
  readonly #room = new ArrayBuffer(ROOM_BYTES)

  constructor(jobs: readonly StretchJob[]) {
    this.#jobs = jobs
  }

  /**
   * Reads all of them once.
   *
   * @returns Events made.
   * @throws {Error} When anything was rejected.
   */
  run(): number {
    let events = 0
    for (const job of this.#jobs) {
      this.#space.enter(this.#room)
      // A reader may keep the bytes that it is given, and write over them.
      const { read, rejects } = this.#runner.run({ ...job, bytes: job.bytes.slice() })
      if (rejects.length > 0) throw new Error(`expected no rejects, found ${JSON.stringify(rejects[0])}`)
      events += read
    }
    return events
  }
}

/**
 * Median over 21 runs of what as many threads as an import has read in a second, each all of the stretches in every run. By the clock:
 * other work on the machine counts.
 *
 * @param count - Lines or entries of the stretches.
 */
export async function rateOnThreads(jobs: readonly StretchJob[], count: number): Promise<number> {
  const url = new URL('./stretch-thread.ts', import.meta.url)
  const workers = Array.from({ length: READING_THREADS }, () => new Worker(url, { workerData: jobs }))
  try {
    await Promise.all(workers.map(async (worker) => await once(worker, 'message')))
    const rates: number[] = []
    for (let run = 0; run < WARM_UP_RUNS + RUNS; run++) {
      const before = performance.now()
      await Promise.all(
        workers.map(async (worker) => {
          worker.postMessage('read')
          await once(worker, 'message')
        }),
      )
      rates.push((count * workers.length) / ((performance.now() - before) / 1000))
    }
    return median(rates.slice(WARM_UP_RUNS))
  } finally {
    await Promise.all(workers.map(async (worker) => await worker.terminate()))
  }
}
