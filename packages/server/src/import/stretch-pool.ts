import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { StretchJob } from '@timeskein/ingest'
import type { PreparedStretch } from './prepare-stretch.ts'
import type { StretchReply, StretchRequest } from './stretch-worker.ts'

/** Threads that read: what two cores can feed into one store. */
const DEFAULT_READER_THREADS = 2
/** Threads end after so long without work; a new one starts in about 0.1 s. */
const IDLE_MS = 20_000

interface Task {
  readonly request: StretchRequest
  readonly resolve: (stretch: PreparedStretch) => void
  readonly reject: (error: Error) => void
}

interface Thread {
  readonly worker: Worker
  task: Task | undefined
}

/**
 * Threads that read stretches, shared by all imports of a process. They are started when there is work and end when there
 * has been none for a while. Callers bound how much they ask at once.
 */
export class StretchPool {
  readonly #size: number
  readonly #threads = new Set<Thread>()
  readonly #waiting: Task[] = []
  #nextId = 1
  #idleTimer: NodeJS.Timeout | undefined

  constructor(size: number = DEFAULT_READER_THREADS) {
    this.#size = size
  }

  get size(): number {
    return this.#size
  }

  /** Reads a stretch in one of the threads. The job's bytes are transferred: they are gone for the caller. */
  run(job: StretchJob): Promise<PreparedStretch> {
    const { promise, resolve, reject } = Promise.withResolvers<PreparedStretch>()
    this.#waiting.push({ request: { id: this.#nextId++, job }, resolve, reject })
    clearTimeout(this.#idleTimer)
    this.#assign()
    return promise
  }

  /** Ends all threads; what they were reading is rejected. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer)
    for (const task of this.#waiting.splice(0)) task.reject(new Error('The reading threads were ended.'))
    await Promise.all([...this.#threads].map((thread) => thread.worker.terminate()))
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#findIdle() ?? this.#start()
      if (!thread) return
      const task = this.#waiting.shift()!
      thread.task = task
      thread.worker.postMessage(task.request, [task.request.job.bytes.buffer])
    }
    if ([...this.#threads].every((thread) => !thread.task)) this.#rest()
  }

  #findIdle(): Thread | undefined {
    for (const thread of this.#threads) if (!thread.task) return thread
    return undefined
  }

  #start(): Thread | undefined {
    if (this.#threads.size >= this.#size) return undefined
    // The sources run as they are, the built files with their own ending.
    const worker = new Worker(new URL(`./stretch-worker${extname(import.meta.url)}`, import.meta.url))
    const thread: Thread = { worker, task: undefined }
    this.#threads.add(thread)
    worker.on('message', (reply: StretchReply) => this.#settle(thread, reply))
    worker.on('error', (error: Error) => this.#lose(thread, error))
    worker.on('exit', () => this.#lose(thread, new Error('A reading thread ended unexpectedly.')))
    return thread
  }

  #settle(thread: Thread, reply: StretchReply): void {
    const { task } = thread
    thread.task = undefined
    if ('stretch' in reply) task?.resolve(reply.stretch)
    else task?.reject(Object.assign(new Error(reply.error.message), { stack: reply.error.stack }))
    this.#assign()
  }

  #lose(thread: Thread, error: Error): void {
    if (!this.#threads.delete(thread)) return
    thread.task?.reject(error)
    this.#assign()
  }

  #rest(): void {
    clearTimeout(this.#idleTimer)
    this.#idleTimer = setTimeout(() => {
      for (const thread of this.#threads) {
        this.#threads.delete(thread)
        void thread.worker.terminate()
      }
    }, IDLE_MS)
    this.#idleTimer.unref()
  }
}
