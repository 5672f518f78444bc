import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Ending of files that grow chunk by chunk, request by request: their uploaders may go on after a new start. */
export const CHUNKS_ENDING = '.chunks'
/**
 * Ending of the file beside the chunks that notes which stretches have come, a line each: first byte, and the byte after the
 * last. Without it a stretch that never came would be read as zeros.
 */
export const STRETCHES_ENDING: string = `.stretches${CHUNKS_ENDING}`
/** Half-uploaded files that nothing was added to for so long are removed. */
export const STALE_CHUNKS_MS: number = 24 * 3_600_000

/** What was found among the uploads. */
export interface RecoveredUploads {
  /** `upload-removed` or `upload-kept`. */
  readonly code: string
  readonly severity: 'info' | 'warning'
  readonly message: string
}

/**
 * Settles what the end of a process left in the folder of uploads: evidence that nobody would import any more is removed. Files
 * that come in chunks stay, since their uploader goes on with the next chunk, but not for ever.
 *
 * @param directory - The folder; no other process may use it.
 * @param dueFiles - Names of files that accepted imports still need.
 */
export async function recoverUploads(
  directory: string,
  nowMs: number,
  dueFiles: ReadonlySet<string> = new Set(),
): Promise<readonly RecoveredUploads[]> {
  const removed = { count: 0, bytes: 0 }
  const kept = { count: 0, bytes: 0 }
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (dueFiles.has(entry.name)) continue
    const path = join(directory, entry.name)
    const { size, mtimeMs } = await stat(path)
    const isKept = entry.name.endsWith(CHUNKS_ENDING) && nowMs - mtimeMs <= STALE_CHUNKS_MS
    const group = isKept ? kept : removed
    if (!entry.name.endsWith(STRETCHES_ENDING)) group.count += 1
    if (entry.isFile()) group.bytes += size
    if (!isKept) await rm(path, { recursive: true, force: true })
  }
  const found: RecoveredUploads[] = []
  if (removed.count > 0)
    found.push({
      code: 'upload-removed',
      severity: 'warning',
      message: `${describe(removed)} that had not been imported when the process ended: removed; upload again what is missing.`,
    })
  if (kept.count > 0)
    found.push({
      code: 'upload-kept',
      severity: 'info',
      message: `${describe(kept)} that came in part: kept for ${STALE_CHUNKS_MS / 3_600_000} hours after the last part, so that the rest can follow.`,
    })
  return found
}

function describe({ count, bytes }: { count: number; bytes: number }): string {
  return `${count === 1 ? '1 upload' : `${count} uploads`} (${(bytes / 1e6).toFixed(1)} MB)`
}
