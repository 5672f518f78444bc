/**
 * Files that come in chunks. `GrowingFiles` stands for the folder they grow in, as long as the server runs; a `GrowingChunk` is one
 * request's hold on one of them, from its first byte until it is taken or discarded.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CHUNKS_ENDING, STALE_CHUNKS_MS, STRETCHES_ENDING } from '../../../import/recover-uploads.ts'
import { Turns } from '../../../services/turns.ts'
import { abort } from '../errors.ts'
import type { ChunkPlace } from './chunk-place.ts'
import { FileWriter, WRITE_AHEAD_BYTES } from './file-writer.ts'
import { findGap, noteStretch, readStretches } from './stretches.ts'

/**
 * Files that grow chunk by chunk, each written straight to its place. Nothing waits for the disk: who uploads is answered for the
 * file when it has been imported, and until then a stretch that a failing machine lost is asked for again (see `stretches.ts`).
 */
export class GrowingFiles {
  readonly #folder: string
  readonly #bootMark: string | undefined
  readonly #turns = new Turns()
  /** Chunks that are being written, of each file. */
  readonly #open = new Map<string, Set<GrowingChunk>>()

  /**
   * @param folder - No other process may use it.
   * @param bootMark - Of this run of the machine (`readBootMark`).
   */
  constructor(folder: string, bootMark: string | undefined) {
    this.#folder = folder
    this.#bootMark = bootMark
  }

  /**
   * Opens the place of a chunk. The first one begins the file anew, which is seen when it is taken; the others may come in any order,
   * twice too, and several at a time.
   *
   * @param name - Of the file, on this server: what it is called by its uploader, and who that is.
   * @param totalBytes - What the whole file is said to have.
   * @returns The caller's to take or discard.
   * @throws {WireError} 400 when it comes before the first one.
   */
  async begin(name: string, place: ChunkPlace, totalBytes: number): Promise<GrowingChunk> {
    const isFirst = place.index === 0
    if (isFirst) await removeStaleChunks(this.#folder, Date.now())
    const target = join(this.#folder, `${name}${CHUNKS_ENDING}`)
    const path = isFirst ? this.#nameFile() : target
    const chunk = new GrowingChunk(place, totalBytes, path, {
      take: (sizeBytes) => this.#turns.take(name, () => this.#take(name, chunk, sizeBytes)),
      forget: () => this.#forget(name, chunk),
    })
    // Known before it is opened: what begins the file anew, or ends it, sees all that may still write to it.
    this.#open.set(name, (this.#open.get(name) ?? new Set()).add(chunk))
    try {
      await chunk.open(isFirst ? 'wx' : 'r+', this.#bootMark === undefined)
    } catch (error) {
      await chunk.discard()
      if (!isFirst && error instanceof Error && 'code' in error && error.code === 'ENOENT')
        abort(400, `Unable to upload file. Chunk ${place.index} came before the first one`)
      throw error
    }
    return chunk
  }

  async #take(name: string, chunk: GrowingChunk, sizeBytes: number): Promise<string | undefined> {
    const { place, totalBytes, path } = chunk
    const { index, byteOffset, totalChunks } = place
    const target = join(this.#folder, `${name}${CHUNKS_ENDING}`)
    const stretches = join(this.#folder, `${name}${STRETCHES_ENDING}`)
    const end = byteOffset + sizeBytes
    if (end > totalBytes)
      abort(400, `Unable to upload file. Chunk ${index} ends at byte ${end} of a file of ${totalBytes}`)
    if (chunk.signal.aborted) abort(400, GIVEN_UP)
    await chunk.close()
    if (index === 0) {
      await this.#stopOthers(name, chunk)
      // What came of an earlier try, which may have been longer, must not be taken for there.
      await rm(stretches, { force: true })
      await rename(path, target)
    }
    await noteStretch(stretches, { start: byteOffset, end }, this.#bootMark)
    if (index + 1 !== totalChunks) return undefined
    const come = await readStretches(stretches, this.#bootMark)
    const foundBytes = Math.max(...come.map((stretch) => stretch.end))
    if (foundBytes !== totalBytes) {
      await this.#stopOthers(name, chunk)
      await rm(target, { force: true })
      await rm(stretches, { force: true })
      abort(
        400,
        `Unable to save file correctly, inconsistent file size (${totalBytes} but should have been ${foundBytes})`,
      )
    }
    const gap = findGap(come, totalBytes)
    if (gap)
      abort(
        400,
        `Unable to save file correctly, it is incomplete: the last chunk has come, but not bytes ${gap.start} to ${gap.end - 1} of ${totalBytes}. Upload the missing chunks, then the last one again`,
      )
    await this.#stopOthers(name, chunk)
    return await this.#finish(target, stretches, totalBytes)
  }

  /** Takes a file that is complete away: another upload under the same name must not write into it. */
  async #finish(target: string, stretches: string, totalBytes: number): Promise<string> {
    const path = this.#nameFile()
    await rename(target, path)
    await rm(stretches, { force: true })
    const file = await open(path, 'r+')
    try {
      // Behind the end may be what a chunk brought that was refused.
      if ((await file.stat()).size > totalBytes) await file.truncate(totalBytes)
    } finally {
      await file.close()
    }
    return path
  }

  async #stopOthers(name: string, chunk: GrowingChunk): Promise<void> {
    const others = [...(this.#open.get(name) ?? [])].filter((other) => other !== chunk)
    await Promise.all(others.map((other) => other.stop()))
  }

  #forget(name: string, chunk: GrowingChunk): void {
    const chunks = this.#open.get(name)
    chunks?.delete(chunk)
    if (chunks?.size === 0) this.#open.delete(name)
  }

  #nameFile(): string {
    return join(this.#folder, `${randomUUID()}.file`)
  }
}

/** A chunk on its way to its place. Whoever holds it takes or discards it. */
export class GrowingChunk {
  readonly place: ChunkPlace
  readonly totalBytes: number
  /** The file that it is written to: one of its own for the first chunk, the growing one for the others. */
  readonly path: string
  readonly #abort = new AbortController()
  readonly #owner: { take(sizeBytes: number): Promise<string | undefined>; forget(): void }
  #target: FileWriter | undefined

  constructor(
    place: ChunkPlace,
    totalBytes: number,
    path: string,
    owner: { take(sizeBytes: number): Promise<string | undefined>; forget(): void },
  ) {
    this.place = place
    this.totalBytes = totalBytes
    this.path = path
    this.#owner = owner
  }

  /** Aborts when the chunk must not be written any more, since its file is begun anew or is complete. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** @param isSynced - It is on the disk when it is closed. */
  async open(flags: 'wx' | 'r+', isSynced: boolean): Promise<void> {
    const file = await open(this.path, flags, 0o600)
    this.#target = new FileWriter(file, this.place.byteOffset, isSynced)
    if (this.signal.aborted) await this.close()
  }

  /** Where its bytes are written, from its first one on; the pieces are given away. */
  write(): Writable {
    return this.#target ?? abort(400, GIVEN_UP)
  }

  /** Moves all of a file to its place; discards the chunk where that fails. */
  async move(path: string): Promise<void> {
    try {
      const source = createReadStream(path, { highWaterMark: WRITE_AHEAD_BYTES })
      await pipeline(source, this.write(), { signal: this.signal })
      await rm(path, { force: true })
    } catch (error) {
      await this.discard()
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
    // One that was taken is called otherwise by now.
    if (this.place.index === 0) await rm(this.path, { force: true })
  }

  /** Ends its writing; resolves when nothing more of it can come. */
  async stop(): Promise<void> {
    this.#abort.abort()
    await this.close()
  }

  /** Resolves when what was being written is written, and nothing more can be. */
  async close(): Promise<void> {
    const target = this.#target
    if (target === undefined || target.closed) return
    const closed = once(target, 'close')
    target.destroy()
    await closed
  }
}

const GIVEN_UP =
  'Unable to upload file. Its chunk was given up, as the file was begun anew meanwhile, or is complete'

/** Removes files that were begun and left. */
export async function removeStaleChunks(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(CHUNKS_ENDING)) continue
    const path = join(folder, name)
    const info = await stat(path).catch(() => undefined)
    if (info && nowMs - info.mtimeMs > STALE_CHUNKS_MS) await rm(path, { force: true })
  }
}
