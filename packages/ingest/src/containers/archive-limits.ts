/** Limits on what is unpacked. They stop archives that are made to fill memory or disks. */

/** Unpacked bytes up to which any ratio is accepted. */
const FREE_UNPACKED_BYTES: number = 64 * 1024 * 1024
/** Unpacked bytes for one packed byte, beyond the free ones. */
export const MAX_UNPACKING_RATIO = 1000
/** Unpacked bytes of one file, and of all entries of one archive together. */
export const MAX_UNPACKED_BYTES: number = 4 * 1024 ** 4
/** Entries of one archive. */
export const MAX_ARCHIVE_ENTRIES = 100_000
/** Containers around a text: a gzip file inside of a zip archive is two. */
export const MAX_CONTAINER_DEPTH = 2
/** Bytes of an archive that arrives as a stream and has to be kept in a temporary file while it is read. */
export const MAX_SPOOLED_BYTES: number = 64 * 1024 ** 3

/** An archive went beyond a limit; nothing more is read from it. */
export class ArchiveLimitError extends Error {
  override readonly name = 'ArchiveLimitError'
  readonly code = 'archive-limit'
  /** Name of the limit, e.g. `MAX_UNPACKING_RATIO`. */
  readonly limit: string

  constructor(path: string, limit: string, detail: string) {
    super(`${path} was not read further: ${detail} (${limit})`)
    this.limit = limit
  }
}

/** Counts the bytes of one archive, packed and unpacked, against the limits. */
export class UnpackingMeter {
  readonly #path: string
  #packed = 0
  #unpacked = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Notes packed bytes taken in. */
  addPacked(sizeBytes: number): void {
    this.#packed += sizeBytes
  }

  /**
   * Notes unpacked bytes.
   *
   * @throws {ArchiveLimitError} When a limit is passed.
   */
  addUnpacked(sizeBytes: number): void {
    this.#unpacked += sizeBytes
    if (this.#unpacked > MAX_UNPACKED_BYTES) {
      const detail = `expected at most ${MAX_UNPACKED_BYTES} unpacked bytes, found more`
      throw new ArchiveLimitError(this.#path, 'MAX_UNPACKED_BYTES', detail)
    }
    if (this.#unpacked > FREE_UNPACKED_BYTES && this.#unpacked > this.#packed * MAX_UNPACKING_RATIO) {
      const detail = `${this.#packed} packed bytes unpack to ${this.#unpacked} or more; expected at most ${MAX_UNPACKING_RATIO} for each`
      throw new ArchiveLimitError(this.#path, 'MAX_UNPACKING_RATIO', detail)
    }
  }
}
