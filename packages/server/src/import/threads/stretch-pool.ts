import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { StretchJob } from '@timeskein/ingest'
import type { EventBatch } from '@timeskein/model'
import { readError } from '../../errors/told-error.ts'
import type { PreparedStretch } from './prepare-stretch.ts'
import { SharedBuffers } from './shared-buffers.ts'
import type { StretchReply, StretchRequest } from './stretch-worker.ts'

/** Threads that read: what two cores can feed into one store. */
const DEFAULT_READER_THREADS = 2
/**
 * So many stretches in a row must have been waited for, by who had nothing else to do, until there is another thread. Each compiles all
 * of its code for itself: for what that takes of the processors some hundred megabytes can be read.
 */
const AWAITED_BEFORE_ANOTHER = 6
/** With more processors than these, what another thread compiles keeps nobody else from working. */
const FEW_PROCESSORS = 2
/** What a thread makes is in typed arrays: more would be filled with garbage before it is looked at. */
const YOUNG_MB = 12
/** Threads end after so long without work, and their memory with them; a new one starts in about 0.1 s. */
const IDLE_MS = 6000
/** After so long when more is expected: who sends evidence in pieces, each made while nothing is read, takes some ten seconds for one. */
const IDLE_WHEN_MORE_MS = 30_000

interface Task {
  readonly request: Omit<StretchRequest, 'room'>
  readonly resolve: (stretch: PreparedStretch) => void
  readonly reject: (error: Error) => void
}

/** Memory shared with the threads. */
interface Room {
  readonly memory: SharedArrayBuffer
  /** Batches in it that were not taken back yet. */
  batches: number
}

interface Thread {
  readonly worker: Worker
  task: Task | undefined
}

/** A thread ended before it had read what it was given: no fault of what it read. */
class ThreadEndedError extends Error {
  override readonly name = 'ThreadEndedError'
  readonly code = 'reading-thread-ended'
}

/**
 * Threads that read stretches, shared by all imports of a process. They are started when there is work and end when there
 * has been none for a while. Callers bound how much they ask at once.
 */
export class StretchPool {
  /** What stretches are best read into, for it comes back when they have been run. */
  readonly buffers: SharedBuffers
  readonly #size: number
  readonly #awaitedBeforeAnother: number
  readonly #threads = new Set<Thread>()
  readonly #waiting: Task[] = []
  readonly #rooms = new WeakMap<EventBatch, Room>()
  #freeRooms: SharedArrayBuffer[] = []
  /** Stretches in a row that were waited for. */
  #awaited = 0
  #nextId = 1
  #idleTimer: NodeJS.Timeout | undefined
  #idleMs = IDLE_MS

  /**
   * @param processors - On which the threads run beside the one that stores.
   */
  constructor(size: number = DEFAULT_READER_THREADS, processors: number = availableParallelism()) {
    this.#size = size
    this.#awaitedBeforeAnother = processors <= FEW_PROCESSORS ? AWAITED_BEFORE_ANOTHER : 0
    // One is read into while each thread has one and one waits.
    this.buffers = new SharedBuffers(size + 2)
  }

  /** Most threads; whoever asks for one stretch more at once is never what is waited for. */
  get size(): number {
    return this.#size
  }

  /**
   * Reads a stretch in one of the threads. The job's bytes are gone for the caller: transferred, or, where they lie in
   * one of `buffers`, given back there when it is done.
   */
  run(job: StretchJob): Promise<PreparedStretch> {
    const { promise, resolve, reject } = Promise.withResolvers<PreparedStretch>()
    this.#waiting.push({ request: { id: this.#nextId++, job }, resolve, reject })
    clearTimeout(this.#idleTimer)
    this.#assign()
    return promise
  }

  /** Starts the threads that any work has, since there will be some. Without any they end again. */
  prepare(): void {
    while (this.#needsAnother() && this.#start());
    this.#assign()
  }

  /**
   * Whether the work that is about to be given will be followed by more of the same: threads wait for that longer, since what they have
   * compiled of their code is worth more than what they hold.
   */
  expectMore(isMore: boolean): void {
    this.#idleMs = isMore ? IDLE_WHEN_MORE_MS : IDLE_MS
  }

  /**
   * Takes back the memory of a batch that `run` gave and of what was prepared of it, which then holds other rows at any moment;
   * does nothing for other batches. What is not taken back is left to the garbage collector.
   */
  takeBack(batch: EventBatch): void {
    const room = this.#rooms.get(batch)
    if (!room) return
    this.#rooms.delete(batch)
    room.batches--
    if (room.batches === 0 && this.#threads.size > 0) this.#freeRooms.push(room.memory)
  }

  /** Ends all threads; what they were reading is rejected. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer)
    for (const task of this.#waiting.splice(0))
      task.reject(new ThreadEndedError('The reading threads were ended.'))
    await Promise.all([...this.#threads].map((thread) => thread.worker.terminate()))
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#findIdle() ?? (this.#needsAnother() ? this.#start() : undefined)
      if (!thread) return
      const task = this.#waiting.shift()!
      thread.task = task
      const request: StretchRequest = { ...task.request, room: this.#freeRooms.pop() }
      const { buffer } = request.job.bytes
      thread.worker.postMessage(request, buffer instanceof ArrayBuffer ? [buffer] : [])
    }
    if ([...this.#threads].every((thread) => !thread.task)) this.#rest()
  }

  #findIdle(): Thread | undefined {
    for (const thread of this.#threads) if (!thread.task) return thread
    return undefined
  }

  #needsAnother(): boolean {
    return this.#threads.size === 0 || this.#awaited >= this.#awaitedBeforeAnother
  }

  #start(): Thread | undefined {
    if (this.#threads.size >= this.#size) return undefined
    // The sources run as they are, the built files with their own ending.
    const worker = new Worker(new URL(`./stretch-worker${extname(import.meta.url)}`, import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    const thread: Thread = { worker, task: undefined }
    this.#threads.add(thread)
    worker.on('message', (reply: StretchReply) => this.#settle(thread, reply))
    worker.on('error', (error: Error) => this.#lose(thread, error))
    worker.on('exit', () => this.#lose(thread, new ThreadEndedError('A reading thread ended unexpectedly.')))
    return thread
  }

  #settle(thread: Thread, reply: StretchReply): void {
    const { task } = thread
    thread.task = undefined
    const buffer = task?.request.job.bytes.buffer
    if (buffer instanceof SharedArrayBuffer) this.buffers.giveBack(buffer)
    // Of `size` and one more that were asked for at once, nothing is left that was read before.
    this.#awaited = this.#waiting.length >= this.#size ? this.#awaited + 1 : 0
    if ('stretch' in reply) {
      this.#noteRoom(reply.room, reply.stretch)
      task?.resolve(reply.stretch)
    } else task?.reject(readError(reply.error))
    this.#assign()
  }

  #noteRoom(memory: SharedArrayBuffer, { batches }: PreparedStretch): void {
    const room: Room = { memory, batches: batches.length }
    for (const { batch } of batches) this.#rooms.set(batch, room)
    if (room.batches === 0) this.#freeRooms.push(memory)
  }

  #lose(thread: Thread, error: Error): void {
    if (!this.#threads.delete(thread)) return
    thread.task?.reject(error)
    this.#assign()
  }

  #rest(): void {
    clearTimeout(this.#idleTimer)
    this.#idleTimer = setTimeout(() => {
      this.#freeRooms = []
      this.buffers.clear()
      for (const thread of this.#threads) {
        this.#threads.delete(thread)
        void thread.worker.terminate()
      }
    }, this.#idleMs)
    this.#idleTimer.unref()
  }
}
