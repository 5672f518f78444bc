import { access, type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Reject } from '@timeskein/model'
import { DomainError } from '../errors/domain-error.ts'

/** Where the rejects of one import are kept: the rows as they stood, and beside them one JSON object each with the reason. */
export interface RejectPaths {
  readonly raw: string
  readonly reasons: string
}

/** Suffix of the file of reasons beside a file of rejected rows. */
export const REASONS_SUFFIX = '.reasons.jsonl'

/**
 * Writes rejected rows. The raw file can be mended and imported again: it begins with the header of the input where there
 * is one. Nothing is made on disk before the first reject.
 */
export class RejectFile {
  readonly #paths: RejectPaths
  #raw: FileHandle | undefined
  #reasons: FileHandle | undefined
  #needsHeader = true
  #count = 0

  constructor(paths: RejectPaths) {
    this.#paths = paths
  }

  get count(): number {
    return this.#count
  }

  /** The rows that follow are of another input, and need its header again. */
  startInput(): void {
    this.#needsHeader = true
  }

  /**
   * Adds rows of one input.
   *
   * @param header - What the rows need above them, or ''.
   * @throws What the file system says, a full disk for example.
   */
  async add(path: string, rejects: readonly Reject[], header: string): Promise<void> {
    if (rejects.length === 0) return
    if (!this.#raw || !this.#reasons) {
      await mkdir(dirname(this.#paths.raw), { recursive: true, mode: 0o700 })
      this.#raw ??= await open(this.#paths.raw, 'w', 0o600)
      this.#reasons = await open(this.#paths.reasons, 'w', 0o600)
    }
    let raw = this.#needsHeader ? header : ''
    this.#needsHeader = false
    let reasons = ''
    for (const reject of rejects) {
      raw += reject.raw.endsWith('\n') ? reject.raw : `${reject.raw}\n`
      const { line, reason, detail } = reject
      reasons += `${JSON.stringify({ path, line, reason, detail })}\n`
    }
    this.#count += rejects.length
    await this.#raw.appendFile(raw)
    await this.#reasons.appendFile(reasons)
  }

  /** What was added is on disk when this resolves. */
  async flush(): Promise<void> {
    for (const file of [this.#raw, this.#reasons]) await file?.datasync()
  }

  /** Closes both files, then throws what went wrong with one. */
  async close(): Promise<void> {
    const files = [this.#raw, this.#reasons]
    this.#raw = undefined
    this.#reasons = undefined
    const closed = await Promise.allSettled(files.map((file) => file?.close()))
    for (const outcome of closed) if (outcome.status === 'rejected') throw outcome.reason
  }
}

/**
 * Makes sure that rejected rows can be written to a file that a caller named; leaves nothing behind.
 *
 * @throws {DomainError} `invalid` (`rejects-not-writable`).
 */
export async function requireWritableRejects(path: string): Promise<void> {
  for (const target of [path, `${path}${REASONS_SUFFIX}`]) {
    const isThere = await access(target).then(
      () => true,
      () => false,
    )
    try {
      await (await open(target, 'a', 0o600)).close()
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      throw new DomainError(
        'invalid',
        'rejects-not-writable',
        `Cannot write rejected rows to ${target}: ${problem}.`,
        { cause: error, details: { path: target } },
      )
    }
    if (!isThere) await rm(target, { force: true })
  }
}
