import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** So much may wait for the disk, so that it is written in large pieces. */
export const WRITE_AHEAD_BYTES: number = 1024 ** 2
/** Pieces below it are left to the garbage collector: who cuts a form into its parts keeps some of a few bytes for itself. */
const MIN_GIVEN_BACK_BYTES = 4096

/**
 * Writes what comes over a connection to a file, which it closes in the end. It owns the pieces that it is given: memory that is
 * nothing but one of them is given back as soon as that is written. Left to the garbage collector, the pieces of a large upload
 * have it go through all of the heap for every few megabytes.
 */
export class FileWriter extends Writable {
  readonly #file: FileHandle
  readonly #isSynced: boolean
  #position: number

  /**
   * @param start - Where the first byte goes.
   * @param isSynced - Everything is on the disk when it has finished.
   */
  constructor(file: FileHandle, start = 0, isSynced = false) {
    super({ highWaterMark: WRITE_AHEAD_BYTES, decodeStrings: true })
    this.#file = file
    this.#position = start
    this.#isSynced = isSynced
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#writeAll([piece]).then(() => done(), done)
  }

  override _writev(pieces: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this.#writeAll(pieces.map(({ chunk }) => chunk)).then(() => done(), done)
  }

  override _final(done: (error?: Error) => void): void {
    const work = this.#isSynced ? this.#file.sync() : Promise.resolve()
    work.then(() => done(), done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // Waits for what is being written.
    this.#file.close().then(() => done(error), done)
  }

  async #writeAll(pieces: readonly Buffer[]): Promise<void> {
    let rest = pieces
    while (rest.length > 0) {
      const { bytesWritten } = await this.#file.writev(rest, this.#position)
      this.#position += bytesWritten
      rest = dropBytes(rest, bytesWritten)
    }
    for (const piece of pieces) giveBack(piece)
  }
}

/** Writes all of a file, and finishes. @param signal - Ends it with an `AbortError`. */
export async function writeFrom(path: string, target: Writable, signal?: AbortSignal): Promise<void> {
  const source = createReadStream(path, { highWaterMark: WRITE_AHEAD_BYTES })
  await pipeline(source, target, { signal })
}

/** What is left after a write that may have been short. */
function dropBytes(pieces: readonly Buffer[], sizeBytes: number): readonly Buffer[] {
  let left = sizeBytes
  let done = 0
  while (done < pieces.length && pieces[done]!.length <= left) left -= pieces[done++]!.length
  const rest = pieces.slice(done)
  return left === 0 ? rest : [rest[0]!.subarray(left), ...rest.slice(1)]
}

function giveBack({ buffer, length }: Buffer): void {
  if (length < MIN_GIVEN_BACK_BYTES) return
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0)
}
