import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { PackedSources } from '@timeskein/store'
import type { BlockReply, BlockRequest } from './block-worker.ts'
import type { BlockFound, BlockJob } from './open-block-work.ts'

/** Next to nothing of what it makes outlives a source: more room would be filled with garbage before it is looked at. */
const YOUNG_MB = 24
/** Blocks that wait for the thread, those it works on included: enough that it never waits for them. */
const MAX_WAITING = 3

interface Waiting {
  readonly resolve: (found: BlockFound) => void
  readonly reject: (error: Error) => void
}

/** A thread that does work on blocks beside the one that asks. */
export class BlockThread implements Disposable {
  readonly #worker: Worker
  readonly #waiting: Waiting[] = []
  #room = Promise.withResolvers<void>()
  #failure: Error | undefined
  #jobs = 0

  constructor() {
    // The sources run as they are, the built files with their own ending.
    this.#worker = new Worker(new URL(`./block-worker${extname(import.meta.url)}`, import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    this.#worker.unref()
    this.#worker.on('message', (reply: BlockReply) => {
      const next = this.#waiting.shift()
      if ('found' in reply) next?.resolve(reply.found)
      else next?.reject(Object.assign(new Error(reply.error.message), { stack: reply.error.stack }))
      this.#makeRoom()
    })
    this.#worker.on('error', (error: Error) => this.#lose(error))
    this.#worker.on('exit', () => this.#lose(new Error('the thread that reads events ended unexpectedly')))
  }

  /** True when it would begin with more blocks soon. */
  get hasRoom(): boolean {
    return this.#waiting.length < MAX_WAITING
  }

  /** Waits until it has room. */
  async waitForRoom(): Promise<void> {
    while (!this.hasRoom) await this.#room.promise
  }

  /** Sends a job; its number is for `run`. */
  open(job: BlockJob): number {
    const id = this.#jobs++
    this.#worker.postMessage({ id, job } satisfies BlockRequest)
    return id
  }

  /** Sends blocks for a job, whose bytes are the thread's from then on. */
  run(id: number, packed: PackedSources): Promise<BlockFound> {
    const { promise, resolve, reject } = Promise.withResolvers<BlockFound>()
    // Asked for at the end of the work: until then a failure waits.
    promise.catch(() => {})
    if (this.#failure) {
      reject(this.#failure)
      return promise
    }
    this.#waiting.push({ resolve, reject })
    this.#worker.ref()
    const { buffer, byteLength } = packed.bytes
    // What was read by itself is handed over; a part of something larger is copied.
    const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    this.#worker.postMessage({ id, packed } satisfies BlockRequest, isAlone ? [buffer] : [])
    return promise
  }

  /** The thread forgets a job. */
  close(id: number): void {
    this.#worker.postMessage({ id } satisfies BlockRequest)
  }

  /** Ends the thread; what it was doing is rejected. */
  [Symbol.dispose](): void {
    void this.#worker.terminate()
  }

  #makeRoom(): void {
    if (this.#waiting.length === 0) this.#worker.unref()
    this.#room.resolve()
    this.#room = Promise.withResolvers()
  }

  #lose(error: Error): void {
    this.#failure ??= error
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure)
    this.#makeRoom()
  }
}
