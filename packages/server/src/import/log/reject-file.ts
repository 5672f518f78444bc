import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type FileAccount, REASONS_SUFFIX, type Reject } from '@timeskein/model'

/** Where the rejects of one file are kept: the rows as they stood, and beside them one JSON object each with the reason. */
export interface RejectPaths {
  readonly raw: string
  readonly reasons: string
}

/**
 * Where an import keeps the rejects of one of its files.
 *
 * @param file - Its place in the import's account, from 1.
 */
export function nameRejects(directory: string, importId: string, file: number): RejectPaths {
  const raw = join(directory, `${importId}${file === 1 ? '' : `.${file}`}.raw`)
  return { raw, reasons: `${raw}${REASONS_SUFFIX}` }
}

/**
 * The files that keep what an import rejected.
 *
 * @param file - Only those of this file: its place in the import's account, from 1. Undefined: of all.
 */
export function listRejectFiles(
  directory: string,
  { id, files }: { readonly id: string; readonly files: readonly FileAccount[] },
  kind: keyof RejectPaths,
  file: number | undefined,
): readonly string[] {
  return files.flatMap(({ rejected }, at) =>
    rejected > 0 && (file ?? at + 1) === at + 1 ? [nameRejects(directory, id, at + 1)[kind]] : [],
  )
}

/**
 * Writes the rejected rows of an import, for each of its files apart: files differ in format and header, and what was rejected
 * is to be mended and imported again. Nothing is made on disk before the first reject.
 */
export class RejectFiles {
  readonly #directory: string
  readonly #importId: string
  #paths: RejectPaths
  #raw: FileHandle | undefined
  #reasons: FileHandle | undefined
  /** Rows of the file that was started stand in its reject file, under their header. */
  #hasRows = false

  constructor(directory: string, importId: string) {
    this.#directory = directory
    this.#importId = importId
    this.#paths = nameRejects(directory, importId, 1)
  }

  /**
   * The rows that follow are of another file.
   *
   * @param file - Its place in the import's account, from 1.
   */
  async startFile(file: number): Promise<void> {
    await this.close()
    this.#paths = nameRejects(this.#directory, this.#importId, file)
    this.#hasRows = false
  }

  /**
   * Adds rows of the file that was started. What is lost without a text of its own (the rest of a file that was cut off) stands among
   * the reasons only.
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
    let rows = ''
    let reasons = ''
    for (const { raw, line, reason, detail } of rejects) {
      if (raw !== '') rows += raw.endsWith('\n') ? raw : `${raw}\n`
      reasons += `${JSON.stringify({ path, line, reason, detail })}\n`
    }
    if (rows !== '') {
      await this.#raw.appendFile(this.#hasRows ? rows : header + rows)
      this.#hasRows = true
    }
    await this.#reasons.appendFile(reasons)
  }

  /** What was added of the file is on disk when this resolves. */
  async flush(): Promise<void> {
    for (const file of [this.#raw, this.#reasons]) await file?.datasync()
  }

  /**
   * Removes what was added of a file: it is not stored, and so to be imported again whole.
   *
   * @param file - Its place in the import's account, from 1.
   */
  async removeFile(file: number): Promise<void> {
    await this.close()
    for (const path of Object.values(nameRejects(this.#directory, this.#importId, file)))
      await rm(path, { force: true })
  }

  /** Closes what is open, then throws what went wrong with it. */
  async close(): Promise<void> {
    const files = [this.#raw, this.#reasons]
    this.#raw = undefined
    this.#reasons = undefined
    const closed = await Promise.allSettled(files.map((file) => file?.close()))
    for (const outcome of closed) if (outcome.status === 'rejected') throw outcome.reason
  }
}
