import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { PulledState } from './compare.ts'

/** How a pull ended. */
export type PullOutcome =
  | { readonly is: 'killed' }
  | { readonly is: 'failed'; readonly why: string }
  | ({ readonly is: 'done' } & PulledState)

/** A process that pulls, started anew after it was killed. */
export class Puller implements AsyncDisposable {
  readonly #args: readonly string[]
  #child: ChildProcess | undefined
  #lines: AsyncIterator<string> | undefined
  #reader: Interface | undefined

  /** @param args - Of `worker.ts`. */
  constructor(args: readonly string[]) {
    this.#args = args
  }

  /** Whether the process is running. */
  get isOpen(): boolean {
    return this.#child !== undefined
  }

  /** Starts the process, where it is not running; resolves when it has opened its directory. */
  async open(): Promise<void> {
    if (this.#child) return
    const worker = join(import.meta.dirname, 'worker.ts')
    const child = spawn(process.execPath, [worker, ...this.#args], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child = child
    this.#reader = createInterface({ input: child.stdout })
    this.#lines = this.#reader[Symbol.asyncIterator]()
    const first = await this.#lines.next()
    if (first.done) throw new Error('the puller could not be started')
  }

  /** @param killAfterMs - Ends the process after so long, whatever it is doing. */
  async pull(killAfterMs?: number): Promise<PullOutcome> {
    await this.open()
    const child = this.#child!
    child.stdin!.write('pull\n')
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    const { done, value } = await this.#lines!.next()
    clearTimeout(timer)
    if (!done) return JSON.parse(value) as PullOutcome
    await this[Symbol.asyncDispose]()
    return { is: 'killed' }
  }

  /** Ends it by `SIGKILL`: nothing of it may need a good end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child
    this.#child = undefined
    this.#reader?.close()
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
}
