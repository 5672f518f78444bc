import type { Readable } from 'node:stream'

/**
 * A named pipe (FIFO) to be sent over a connection; its writer is not waited for.
 *
 * @param signal - Ends the reading, also while nobody writes; the reading then throws an `AbortError`.
 * @returns The caller's to destroy.
 */
export async function openPipe(path: string, signal: AbortSignal): Promise<Readable> {
  const ingest = await import('@timeskein/ingest')
  return await ingest.openPipe(path, signal)
}
