import { readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreError } from '../../../store-error.ts'

/** Parts of one system call: what Linux and the BSDs take. */
const MAX_PARTS_PER_WRITE = 1024
/**
 * Reads up to so long are done on the spot: what the system has in memory comes in microseconds, and handing the read to
 * another thread and back takes ten times as much.
 */
const MAX_PROMPT_BYTES = 64 * 1024
/** After so many reads on the spot one is handed on, so that who reads much lets others have their turn. */
const PROMPT_READS_IN_A_ROW = 64
/** A read on the spot that took longer waited for the disk, and everybody with it. */
const SLOW_READ_MS = 1
/** Reads after a slow one that are left to other threads, as those behind it may have to wait too. */
const READS_AFTER_SLOW = 64

/**
 * The file that an index's source text is in: bytes are only ever added at its end.
 *
 * What lies beyond `committedEnd` was written by a transaction that never committed; it is cut off when the next one
 * begins. Callers sync the file before they commit places in it.
 */
export class SourceFile {
  readonly path: string
  readonly #file: FileHandle
  #end: number
  #committedEnd: number
  #reading = 0
  #promptReads = 0
  #readsToHandOn = 0
  #isClosed = false
  #closed: PromiseWithResolvers<void> | undefined

  private constructor(path: string, file: FileHandle, committedEnd: number) {
    this.path = path
    this.#file = file
    this.#end = committedEnd
    this.#committedEnd = committedEnd
  }

  /**
   * @param committedEnd - Bytes that the index says it has in this file.
   * @throws {StoreError} When the file is shorter than that.
   */
  static async open(path: string, committedEnd: number): Promise<SourceFile> {
    const file = await open(path, committedEnd === 0 ? 'a+' : 'r+')
    try {
      const { size } = await file.stat()
      if (size < committedEnd) {
        throw new StoreError(
          'corrupt',
          `${path}: ${committedEnd} bytes of source text expected, found ${size}`,
        )
      }
      if (committedEnd > 0) return new SourceFile(path, file, committedEnd)
      // Append mode makes the file where there is none, but would ignore positions when writing.
      const writable = await open(path, 'r+')
      await file.close()
      await syncDirectory(dirname(path))
      return new SourceFile(path, writable, 0)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Bytes that committed transactions have written. */
  get committedEnd(): number {
    return this.#committedEnd
  }

  /** Bytes written, committed or not. */
  get end(): number {
    return this.#end
  }

  /** Writes parts one after the other at the end; returns where the first begins. */
  async append(parts: readonly Uint8Array[]): Promise<number> {
    const start = this.#end
    let rest = [...parts]
    let at = start
    while (rest.length > 0) {
      const { bytesWritten } = await this.#file.writev(rest.slice(0, MAX_PARTS_PER_WRITE), at)
      at += bytesWritten
      rest = dropBytes(rest, bytesWritten)
    }
    this.#end = at
    return start
  }

  /** Forgets what was written since the last commit. */
  async rollback(): Promise<void> {
    this.#end = this.#committedEnd
    await this.#file.truncate(this.#committedEnd)
  }

  /** Resolves when everything written so far is on the disk. */
  async sync(): Promise<void> {
    await this.#file.datasync()
  }

  /** To be called when the transaction that refers to what was written has committed. */
  markCommitted(): void {
    this.#committedEnd = this.#end
  }

  /** @throws {StoreError} When the file ends before; `no-row` when it is closed, its index having been dropped. */
  async read(at: number, sizeBytes: number): Promise<Buffer> {
    if (this.#isClosed) throw new StoreError('no-row', `${this.path}: dropped during a question`)
    const bytes = Buffer.allocUnsafe(sizeBytes)
    this.#reading++
    try {
      let done = 0
      while (done < sizeBytes) {
        const rest = bytes.subarray(done)
        const bytesRead = this.#isPrompt(rest)
          ? this.#readPromptly(rest, at + done)
          : (await this.#file.read(rest, 0, rest.length, at + done)).bytesRead
        if (bytesRead === 0) {
          throw new StoreError('corrupt', `${this.path}: ${sizeBytes} bytes at ${at} expected, found ${done}`)
        }
        done += bytesRead
      }
      return bytes
    } finally {
      this.#reading--
      if (this.#reading === 0) this.#closed?.resolve()
    }
  }

  #isPrompt({ length }: Uint8Array): boolean {
    if (length > MAX_PROMPT_BYTES) return false
    if (this.#readsToHandOn === 0 && ++this.#promptReads < PROMPT_READS_IN_A_ROW) return true
    this.#promptReads = 0
    if (this.#readsToHandOn > 0) this.#readsToHandOn--
    return false
  }

  #readPromptly(into: Uint8Array, at: number): number {
    const startMs = performance.now()
    const bytesRead = readSync(this.#file.fd, into, 0, into.length, at)
    if (performance.now() - startMs > SLOW_READ_MS) this.#readsToHandOn = READS_AFTER_SLOW
    return bytesRead
  }

  /** Closes when the reads under way have ended. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#reading > 0) {
      this.#closed ??= Promise.withResolvers<void>()
      await this.#closed.promise
    }
    await this.#file.close()
  }
}

/** What is left of some parts when their first bytes have been written. */
function dropBytes(parts: readonly Uint8Array[], sizeBytes: number): Uint8Array[] {
  let left = sizeBytes
  let first = 0
  while (first < parts.length && parts[first]!.length <= left) left -= parts[first++]!.length
  const rest = parts.slice(first)
  if (left > 0) rest[0] = rest[0]!.subarray(left)
  return rest
}

/** Puts a new file's name on the disk; where directories cannot be opened (Windows) the file system does so by itself. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
