import { open, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { WireError } from '../errors.ts'
import type { ChunkPlace } from './chunk-place.ts'
import { FileWriter, writeFrom } from './file-writer.ts'

/** Where a chunk is written until it is taken. */
export interface ChunkTarget {
  readonly path: string
  /** A file of its own, which is the chunk's to remove: nothing of the file that grows is touched before the chunk is taken. */
  readonly isOwn: boolean
  /** What is written is on the disk when it is closed. */
  readonly isSynced: boolean
}

/** The file that a chunk is part of. */
interface ChunkOwner {
  take(sizeBytes: number): Promise<string | undefined>
  forget(): void
}

/** A chunk on its way to its place: one request's hold on a growing file, from its first byte until it is taken or discarded. */
export class GrowingChunk {
  readonly place: ChunkPlace
  readonly totalBytes: number
  readonly #abort = new AbortController()
  readonly #owner: ChunkOwner
  #target: ChunkTarget | undefined
  #writer: FileWriter | undefined
  #closed: Promise<void> = Promise.resolve()

  constructor(place: ChunkPlace, totalBytes: number, owner: ChunkOwner) {
    this.place = place
    this.totalBytes = totalBytes
    this.#owner = owner
  }

  /** Aborts, with the refusal to answer, when the chunk must not be written any more. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** The file of its own, if it was opened in one. */
  get ownPath(): string | undefined {
    return this.#target?.isOwn ? this.#target.path : undefined
  }

  async open(target: ChunkTarget): Promise<void> {
    this.signal.throwIfAborted()
    const file = await open(target.path, target.isOwn ? 'wx' : 'r+', 0o600)
    const writer = new FileWriter(file, target.isOwn ? 0 : this.place.byteOffset, target.isSynced)
    const closed = Promise.withResolvers<void>()
    writer.on('close', closed.resolve)
    // Whoever writes to it hears of it too; ended by us, it may have nobody.
    writer.on('error', () => {})
    this.#closed = closed.promise
    this.#target = target
    this.#writer = writer
    if (this.signal.aborted) await this.close()
  }

  /** Where its bytes are written, from its first one on; the pieces are given away. */
  write(): Writable {
    this.signal.throwIfAborted()
    return this.#writer!
  }

  /** Moves all of a file to its place; discards the chunk where that fails. */
  async move(path: string): Promise<void> {
    try {
      await writeFrom(path, this.write(), this.signal)
      await rm(path, { force: true })
    } catch (error) {
      await this.discard()
      this.signal.throwIfAborted()
      throw error
    }
  }

  /**
   * All of its bytes are written.
   *
   * @param sizeBytes - How many.
   * @returns The whole file when this was the last chunk: the caller's to remove.
   * @throws {WireError} 400 when the chunk ends behind the whole file, or its file was begun anew meanwhile; with the last chunk, when
   *   others are missing: they may still be sent, and the last one again after them.
   */
  async take(sizeBytes: number): Promise<string | undefined> {
    try {
      return await this.#owner.take(sizeBytes)
    } finally {
      await this.discard()
    }
  }

  /** Its bytes do not count. */
  async discard(): Promise<void> {
    this.#owner.forget()
    await this.close()
    if (this.ownPath !== undefined) await rm(this.ownPath, { force: true })
  }

  /** Ends its writing, since another took its place or its file is another; resolves when nothing more of it can come. */
  async stop(): Promise<void> {
    this.#abort.abort(
      new WireError(
        400,
        'Unable to upload file. Its chunk was given up, as it was sent again, or the file was begun anew meanwhile, or is complete',
      ),
    )
    await this.close()
  }

  /** Resolves when what was being written is written, and nothing more can be. */
  async close(): Promise<void> {
    this.#writer?.destroy()
    await this.#closed
  }
}
