import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Reject } from '@timeskein/model'

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
  #raw: WriteStream | undefined
  #reasons: WriteStream | undefined
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
   * Adds rows of one input; resolves when the files can take more.
   *
   * @param header - What the rows need above them, or ''.
   */
  async add(path: string, rejects: readonly Reject[], header: string): Promise<void> {
    if (rejects.length === 0) return
    if (!this.#raw) {
      await mkdir(dirname(this.#paths.raw), { recursive: true, mode: 0o700 })
      this.#raw = createWriteStream(this.#paths.raw, { mode: 0o600 })
      this.#reasons = createWriteStream(this.#paths.reasons, { mode: 0o600 })
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
    const streams = [
      this.#raw.write(raw) ? undefined : this.#raw,
      this.#reasons!.write(reasons) ? undefined : this.#reasons!,
    ]
    for (const stream of streams) {
      if (stream) await once(stream, 'drain')
    }
  }

  /** Finishes the files. */
  async close(): Promise<void> {
    for (const stream of [this.#raw, this.#reasons]) {
      if (!stream) continue
      stream.end()
      await finished(stream)
    }
  }
}
