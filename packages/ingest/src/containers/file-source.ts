import type { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import type { ByteSource } from './byte-source.ts'

/** Reads a file, or a range of it, wherever others read it meanwhile. */
export class FileSource implements ByteSource {
  readonly #file: FileHandle
  readonly #isSeekable: boolean
  readonly #end: number
  readonly #onRead: (bytesRead: number) => void
  #position: number
  #truncation: string | undefined

  /**
   * @param end - The range ends before this byte. @default the end of the file
   * @param onRead - Told of the bytes of each read.
   */
  constructor(
    file: FileHandle,
    isSeekable = true,
    start = 0,
    end: number = Number.MAX_SAFE_INTEGER,
    onRead: (bytesRead: number) => void = () => {},
  ) {
    this.#file = file
    this.#isSeekable = isSeekable
    this.#position = start
    this.#end = end
    this.#onRead = onRead
  }

  get truncation(): string | undefined {
    return this.#truncation
  }

  async read(target: Buffer, offset: number): Promise<number> {
    const position = this.#isSeekable ? this.#position : null
    const length = Math.min(target.length - offset, MAX_READ_BYTES, this.#end - this.#position)
    if (length <= 0) return 0
    const { bytesRead } = await this.#file.read(target, offset, length, position)
    this.#position += bytesRead
    if (bytesRead > 0) this.#onRead(bytesRead)
    if (bytesRead === 0 && this.#end < Number.MAX_SAFE_INTEGER) {
      this.#truncation = `the file ends ${this.#end - this.#position} bytes too early`
    }
    return bytesRead
  }
}

/** Bytes of one read, so that reading and what is done with the bytes overlap. */
const MAX_READ_BYTES = 4 * 1024 * 1024
