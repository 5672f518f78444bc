/** Limits on what is unpacked. They stop archives that are made to fill memory or disks. */

/** Unpacked bytes up to which any ratio is accepted. */
const FREE_UNPACKED_BYTES: number = 64 * 1024 * 1024
/** Unpacked bytes for one packed byte, beyond the free ones: of each entry, and of an archive with all that is in it. */
export const MAX_UNPACKING_RATIO = 1000
/** Unpacked bytes of one file, and of all that is in one archive together. */
export const MAX_UNPACKED_BYTES: number = 4 * 1024 ** 4
/** Entries of one archive or folder, with those of archives in it. */
export const MAX_ARCHIVE_ENTRIES = 100_000
/** Containers around a file: a gzip file inside of a zip archive is two, a compressed tar archive in one is three. */
export const MAX_CONTAINER_DEPTH = 5
/** Times that packed tar archives of one input are read again from their beginning: each for a file that belongs to another (a hive's log). */
export const MAX_ARCHIVE_PASSES = 1000
/** Bytes that all these passes may unpack whatever the input has of packed ones; beyond, `MAX_UNPACKING_RATIO` for each. */
const FREE_PASS_BYTES: number = 4 * 1024 ** 3
/** Bytes of an archive that arrives as a stream and has to be kept in a temporary file while it is read. */
export const MAX_SPOOLED_BYTES: number = 64 * 1024 ** 3

/** What is given up when a limit is passed. */
export type LimitScope = 'input' | 'entry'

/** An archive, or an entry of one, went beyond a limit; nothing more is read from it. */
export class ArchiveLimitError extends Error {
  override readonly name = 'ArchiveLimitError'
  readonly code = 'archive-limit'
  /** Name of the limit, e.g. `MAX_UNPACKING_RATIO`. */
  readonly limit: string
  readonly scope: LimitScope

  constructor(path: string, limit: string, detail: string, scope: LimitScope = 'input') {
    super(`${path} was not read further: ${detail} (${limit})`)
    this.limit = limit
    this.scope = scope
  }
}

/** Whether an error keeps one entry from being read, or from being read further, and no other: a limit of its own, or a disk that fails. */
export function isOfEntry(error: unknown): error is Error {
  if (error instanceof ArchiveLimitError) return error.scope === 'entry'
  return error instanceof Error && 'syscall' in error && error.syscall === 'read'
}

/** Counts the bytes of one archive or of one entry, packed and unpacked, against the limits. */
export class UnpackingMeter {
  readonly #path: string
  readonly #whole: UnpackingMeter | undefined
  #packed = 0
  #unpacked = 0
  #entries = 0
  #isPass: boolean
  /** Of all passes over archives of the input, and what the input has of packed bytes; shared by all of its meters. */
  #again: { passes: number; unpacked: number; packed: number }

  /** @param whole - The meter of the input that this is an entry of; what is unpacked counts there too. */
  constructor(path: string, whole?: UnpackingMeter) {
    this.#path = path
    this.#whole = whole
    this.#isPass = whole ? whole.#isPass : false
    this.#again = whole ? whole.#again : { passes: 0, unpacked: 0, packed: 0 }
  }

  /** A meter for an entry, or for an entry of that. */
  forEntry(path: string): UnpackingMeter {
    return new UnpackingMeter(path, this.#whole ?? this)
  }

  /** A meter for another pass over the same archive or entry: what was unpacked in this one does not count there, nor the other way. */
  forPass(): UnpackingMeter {
    const meter = new UnpackingMeter(this.#path, this.#whole?.forPass())
    meter.#packed = this.#packed
    meter.#again = this.#again
    meter.#isPass = true
    return meter
  }

  /**
   * Notes that an archive of the input is gone through once more for one file.
   *
   * @param path - Of that file.
   * @throws {ArchiveLimitError} When that was done too often.
   */
  addPass(path: string): void {
    const again = this.#again
    again.passes++
    const mostBytes = Math.max(FREE_PASS_BYTES, again.packed * MAX_UNPACKING_RATIO)
    if (again.passes <= MAX_ARCHIVE_PASSES && again.unpacked <= mostBytes) return
    const detail = `what stands beside it is not looked for any more: archives of this input that can only be read from their beginning were so ${again.passes - 1} times, which unpacked ${again.unpacked} bytes`
    throw new ArchiveLimitError(path, 'MAX_ARCHIVE_PASSES', detail, 'entry')
  }

  /**
   * Notes entries of the input.
   *
   * @throws {ArchiveLimitError} When there are too many.
   */
  addEntries(count: number): void {
    const whole = this.#whole ?? this
    whole.#entries += count
    if (whole.#entries <= MAX_ARCHIVE_ENTRIES) return
    const detail = `expected at most ${MAX_ARCHIVE_ENTRIES} entries, found more`
    throw new ArchiveLimitError(whole.#path, 'MAX_ARCHIVE_ENTRIES', detail, 'input')
  }

  /** Notes packed bytes taken in. */
  addPacked(sizeBytes: number): void {
    this.#packed += sizeBytes
    if (!this.#whole && !this.#isPass) this.#again.packed += sizeBytes
  }

  /**
   * Notes unpacked bytes.
   *
   * @throws {ArchiveLimitError} When a limit is passed.
   */
  addUnpacked(sizeBytes: number): void {
    const whole = this.#whole
    this.#unpacked += sizeBytes
    if (whole) whole.#unpacked += sizeBytes
    if (this.#isPass) this.#again.unpacked += sizeBytes
    // An entry's own limit first: what goes beyond both is given up alone, and the others are read.
    this.#checkUnpacked()
    if (whole) whole.#checkUnpacked()
  }

  #checkUnpacked(): void {
    if (this.#unpacked > MAX_UNPACKED_BYTES) {
      const detail = `expected at most ${MAX_UNPACKED_BYTES} unpacked bytes, found more`
      throw new ArchiveLimitError(this.#path, 'MAX_UNPACKED_BYTES', detail, this.#scope)
    }
    if (this.#unpacked > FREE_UNPACKED_BYTES && this.#unpacked > this.#packed * MAX_UNPACKING_RATIO) {
      const detail = `${this.#packed} packed bytes unpack to ${this.#unpacked} or more; expected at most ${MAX_UNPACKING_RATIO} for each`
      throw new ArchiveLimitError(this.#path, 'MAX_UNPACKING_RATIO', detail, this.#scope)
    }
  }

  get #scope(): LimitScope {
    return this.#whole ? 'entry' : 'input'
  }
}
