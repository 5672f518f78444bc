import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { WriteReply, WriteRequest, WriteThreadSettings } from './write-worker.ts'

/** Ends after so long without work, and its memory with it; a new one starts in less than a tenth of a second. */
const IDLE_MS = 10_000

const ENDED = 'The thread that writes the metadata database ended.'

interface Pending {
  readonly resolve: (reply: WriteReply) => void
  readonly reject: (error: Error) => void
}

/** The thread ended before it had answered: what it had not committed is gone. */
class WriteThreadEndedError extends Error {
  override readonly name = 'WriteThreadEndedError'
  readonly code = 'write-thread-ended'
}

/** A thread with a connection of its own to the metadata database, started when there is something to write. */
export class WriteThread {
  readonly #settings: WriteThreadSettings
  #worker: Worker | undefined
  #pending: Pending[] = []
  #idleTimer: NodeJS.Timeout | undefined

  constructor(settings: WriteThreadSettings) {
    this.#settings = settings
  }

  /** The answer to a request; requests are answered in their order. @throws What kept the thread from answering. */
  ask(request: WriteRequest): Promise<WriteReply> {
    clearTimeout(this.#idleTimer)
    // The transaction went with the thread that had begun it.
    if ('commits' in request && !this.#worker) return Promise.reject(new WriteThreadEndedError(ENDED))
    this.#worker ??= this.#start()
    this.#worker.ref()
    const { promise, resolve, reject } = Promise.withResolvers<WriteReply>()
    // What cannot be sent is never answered.
    this.#worker.postMessage(request)
    this.#pending.push({ resolve, reject })
    return promise
  }

  /** Ends the thread; a transaction that it had begun is undone. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer)
    await this.#worker?.terminate()
  }

  #start(): Worker {
    // The sources run as they are, the built files with their own ending.
    const worker = new Worker(new URL(`./write-worker${extname(import.meta.url)}`, import.meta.url), {
      workerData: this.#settings,
    })
    worker.on('message', (reply: WriteReply) => {
      this.#pending.shift()?.resolve(reply)
      // What is written and not committed waits for others, however long.
      if (this.#pending.length === 0 && reply.kind !== 'written') this.#rest(worker)
    })
    const end = (error: Error): void => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      for (const { reject } of this.#pending.splice(0)) reject(error)
    }
    worker.on('error', end)
    worker.on('exit', () => end(new WriteThreadEndedError(ENDED)))
    return worker
  }

  /** Keeps no process from ending. */
  #rest(worker: Worker): void {
    worker.unref()
    this.#idleTimer = setTimeout(() => {
      // Who asks from now on is answered by the next one.
      this.#worker = undefined
      void worker.terminate()
    }, IDLE_MS).unref()
  }
}
