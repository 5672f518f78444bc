import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { StorageItem } from './read-pieces.ts'
import type { StorageReply, StorageRequest } from './storage-thread.ts'

/** A storage file that a thread of its own reads. Disposing of it closes the file and ends the thread. */
export class StorageReader implements AsyncDisposable {
  readonly #worker: Worker
  #settle: ((reply: StorageReply) => void) | undefined
  #failure: Error | undefined

  constructor() {
    // The sources run as they are, the built files with their own ending.
    this.#worker = new Worker(new URL(`./storage-thread${extname(import.meta.url)}`, import.meta.url))
    this.#worker.on('message', (reply: StorageReply) => this.#take(reply))
    this.#worker.on('error', (error: Error) => this.#lose(error))
    this.#worker.on('exit', () => this.#lose(new Error('The thread that reads the storage file ended.')))
  }

  /**
   * Opens the file.
   *
   * @param path - A database that nobody writes.
   * @returns Sentences about what it tells beside its events.
   */
  async open(path: string): Promise<readonly string[]> {
    const reply = await this.#ask({ kind: 'open', path })
    if (reply.kind !== 'opened') throw toError(reply)
    return reply.remarks
  }

  /** Pieces and what there is to tell, in their order; the thread is one piece ahead. */
  async *read(): AsyncGenerator<StorageItem> {
    let next = this.#ask({ kind: 'next' })
    for (;;) {
      const reply = await next
      if (reply.kind === 'end') return
      if (reply.kind !== 'item') throw toError(reply)
      next = this.#ask({ kind: 'next' })
      // Whoever stops in between has no interest in it any more; a failure comes when it is waited for.
      next.catch(() => {})
      yield reply.item
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#settle = undefined
    if (this.#failure === undefined) await this.#ask({ kind: 'close' }, 'closed').catch(() => {})
    await this.#worker.terminate()
  }

  #ask(request: StorageRequest, wanted?: StorageReply['kind']): Promise<StorageReply> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const { promise, resolve, reject } = Promise.withResolvers<StorageReply>()
    this.#settle = (reply) => {
      if (wanted !== undefined && reply.kind !== wanted && reply.kind !== 'error') return
      this.#settle = undefined
      if (this.#failure === undefined) resolve(reply)
      else reject(this.#failure)
    }
    this.#worker.postMessage(request)
    return promise
  }

  #take(reply: StorageReply): void {
    this.#settle?.(reply)
  }

  #lose(error: Error): void {
    this.#failure ??= error
    this.#settle?.({ kind: 'error', message: error.message, stack: error.stack })
  }
}

function toError(reply: StorageReply): Error {
  if (reply.kind !== 'error') return new Error(`expected a piece of the storage file, found ${reply.kind}`)
  return Object.assign(new Error(reply.message), { stack: reply.stack })
}
