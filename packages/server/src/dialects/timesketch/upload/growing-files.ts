import { randomUUID } from 'node:crypto'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CHUNKS_ENDING, STALE_CHUNKS_MS, STRETCHES_ENDING } from '../../../import/log/recover-uploads.ts'
import { Turns } from '../../../services/turns.ts'
import { abort } from '../errors.ts'
import type { ChunkPlace } from './chunk-place.ts'
import { FileWriter, writeFrom } from './file-writer.ts'
import { GrowingChunk } from './growing-chunk.ts'
import { NotedStretches, type Stretch } from './stretches.ts'

/**
 * Files that grow chunk by chunk, each written straight to its place where nothing has come yet. Nothing waits for the disk: who uploads
 * is answered for the file when it has been imported, and until then a stretch that a failing machine lost is asked for again.
 */
export class GrowingFiles {
  readonly #folder: string
  readonly #bootMark: string | undefined
  /** At each file: its chunks are opened and taken one after the other. */
  readonly #turns = new Turns()
  /** Chunks that are being written, of each file. */
  readonly #open = new Map<string, Set<GrowingChunk>>()
  readonly #stretches = new Map<string, NotedStretches>()

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
   * twice too, and several at a time: of those that bring the same bytes the one that is taken last counts.
   *
   * @param name - Of the file, on this server: what it is called by its uploader, and who that is.
   * @param totalBytes - What the whole file is said to have.
   * @returns The caller's to take or discard.
   * @throws {WireError} 400 when it comes before the first one.
   */
  async begin(name: string, place: ChunkPlace, totalBytes: number): Promise<GrowingChunk> {
    if (place.index === 0) {
      await removeStaleChunks(this.#folder, Date.now())
      // What was removed must not be taken for there; of the others it is read again.
      this.#stretches.clear()
    }
    const chunk: GrowingChunk = new GrowingChunk(place, totalBytes, {
      take: (sizeBytes) => this.#turns.take(name, () => this.#take(name, chunk, sizeBytes)),
      forget: () => this.#forget(name, chunk),
    })
    try {
      await this.#turns.take(name, () => this.#openChunk(name, chunk))
    } catch (error) {
      await chunk.discard()
      if (place.index > 0 && error instanceof Error && 'code' in error && error.code === 'ENOENT')
        abort(400, `Unable to upload file. Chunk ${place.index} came before the first one`)
      throw error
    }
    return chunk
  }

  /** In the file that grows, unless it would write over what has come or another writes there: then in a file of its own. */
  async #openChunk(name: string, chunk: GrowingChunk): Promise<void> {
    const { index, byteOffset } = chunk.place
    const others = this.#open.get(name) ?? new Set()
    const isOwn =
      index === 0 ||
      (await this.#readStretches(name)).end > byteOffset ||
      [...others].some((other) => other.place.byteOffset === byteOffset)
    const target = this.#targetOf(name)
    if (isOwn && index !== 0) await stat(target)
    await chunk.open({
      path: isOwn ? this.#nameFile() : target,
      isOwn,
      isSynced: this.#bootMark === undefined,
    })
    this.#open.set(name, others.add(chunk))
  }

  async #take(name: string, chunk: GrowingChunk, sizeBytes: number): Promise<string | undefined> {
    const { place, totalBytes } = chunk
    const { index, byteOffset, totalChunks } = place
    const come = { start: byteOffset, end: byteOffset + sizeBytes }
    if (come.end > totalBytes)
      abort(400, `Unable to upload file. Chunk ${index} ends at byte ${come.end} of a file of ${totalBytes}`)
    chunk.signal.throwIfAborted()
    await chunk.close()
    const isFirst = index === 0
    const isLast = index + 1 === totalChunks
    const stretches = isFirst
      ? new NotedStretches(this.#stretchesOf(name), this.#bootMark)
      : await this.#readStretches(name)
    const end = Math.max(stretches.end, come.end)
    const isAtEnd = end === totalBytes
    const gap = stretches.findGap(totalBytes, come)
    // Of a file that begins anew, is given up or complete no other chunk counts; else those do not that bring the same bytes.
    const endsOthers = isFirst || (isLast && (!isAtEnd || gap === undefined))
    await this.#stopOthers(name, chunk, endsOthers ? undefined : come)
    if (isFirst) await this.#beginAnew(name, chunk, stretches)
    else if (chunk.ownPath !== undefined) {
      await stretches.lose(come)
      await this.#copy(chunk.ownPath, this.#targetOf(name), byteOffset)
    }
    await stretches.note(come)
    if (!isLast) return undefined
    if (!isAtEnd) {
      await this.#giveUp(name)
      abort(
        400,
        `Unable to save file correctly, inconsistent file size (${totalBytes} but should have been ${end})`,
      )
    }
    if (gap)
      abort(
        400,
        `Unable to save file correctly, it is incomplete: the last chunk has come, but not bytes ${gap.start} to ${gap.end - 1} of ${totalBytes}. Upload the missing chunks, then the last one again`,
      )
    return await this.#finish(name, totalBytes)
  }

  /** Puts a first chunk in place of all that came under the name. */
  async #beginAnew(name: string, chunk: GrowingChunk, stretches: NotedStretches): Promise<void> {
    // What came of an earlier try, which may have been longer, must not be taken for there.
    await rm(this.#stretchesOf(name), { force: true })
    await rename(chunk.ownPath!, this.#targetOf(name))
    this.#stretches.set(name, stretches)
  }

  async #copy(from: string, to: string, byteOffset: number): Promise<void> {
    await writeFrom(from, new FileWriter(await open(to, 'r+'), byteOffset, this.#bootMark === undefined))
  }

  /** Forgets a file whose size is not what it was said to be. */
  async #giveUp(name: string): Promise<void> {
    await rm(this.#targetOf(name), { force: true })
    await this.#dropStretches(name)
  }

  /** Takes a file that is complete away: another upload under the same name must not write into it. */
  async #finish(name: string, totalBytes: number): Promise<string> {
    const path = this.#nameFile()
    await rename(this.#targetOf(name), path)
    await this.#dropStretches(name)
    const file = await open(path, 'r+')
    try {
      // Behind the end may be what a chunk brought that was refused.
      if ((await file.stat()).size > totalBytes) await file.truncate(totalBytes)
    } finally {
      await file.close()
    }
    return path
  }

  /** @param where - Only chunks that begin in it; all of the file when left out. */
  async #stopOthers(name: string, chunk: GrowingChunk, where?: Stretch): Promise<void> {
    const others = [...(this.#open.get(name) ?? [])].filter(
      ({ place }) => !where || (where.start <= place.byteOffset && place.byteOffset < where.end),
    )
    await Promise.all(others.filter((other) => other !== chunk).map((other) => other.stop()))
  }

  async #readStretches(name: string): Promise<NotedStretches> {
    const known = this.#stretches.get(name)
    if (known) return known
    const stretches = await NotedStretches.read(this.#stretchesOf(name), this.#bootMark)
    this.#stretches.set(name, stretches)
    return stretches
  }

  async #dropStretches(name: string): Promise<void> {
    this.#stretches.delete(name)
    await rm(this.#stretchesOf(name), { force: true })
  }

  #forget(name: string, chunk: GrowingChunk): void {
    const chunks = this.#open.get(name)
    chunks?.delete(chunk)
    if (chunks?.size === 0) this.#open.delete(name)
  }

  #targetOf(name: string): string {
    return join(this.#folder, `${name}${CHUNKS_ENDING}`)
  }

  #stretchesOf(name: string): string {
    return join(this.#folder, `${name}${STRETCHES_ENDING}`)
  }

  #nameFile(): string {
    return join(this.#folder, `${randomUUID()}.file`)
  }
}

/** Removes files that were begun and left. */
export async function removeStaleChunks(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(CHUNKS_ENDING)) continue
    const path = join(folder, name)
    const info = await stat(path).catch(() => undefined)
    if (info && nowMs - info.mtimeMs > STALE_CHUNKS_MS) await rm(path, { force: true })
  }
}
